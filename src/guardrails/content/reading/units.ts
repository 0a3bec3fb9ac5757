let units = new Uint16Array(4096)
let bytes = Buffer.from(units.buffer)

const isBigEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0

/**
 * The UTF-16 units of a text, good until the next call; what stands beyond its length is of earlier texts. Reading an
 * array costs half of reading a string, copying included.
 */
export function unitsOf(text: string): Uint16Array {
  if (text.length > units.length) {
    units = new Uint16Array(2 * text.length)
    bytes = Buffer.from(units.buffer)
  }
  const written = bytes.write(text, 'utf16le')
  if (isBigEndian) bytes.subarray(0, written).swap16()
  return units
}
