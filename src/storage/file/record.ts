import { createHash } from 'node:crypto'

const NEWLINE = 10
const SPACE = 32
const CHECKSUM_LENGTH = 16
/** The longest head: checksum, space, 12 digits of length, space. */
const LONGEST_HEAD = CHECKSUM_LENGTH + 14
/** What a disk writes as a whole; a larger write may arrive in part. */
const SECTOR_BYTES = 512
const ZEROS = Buffer.alloc(4096)

/** One line: `<first 16 hex of the body's SHA-256> <body length> <body>\n`. The body is JSON without line breaks. */
export function encodeRecord(json: string): Buffer {
  const length = Buffer.byteLength(json)
  const head = `${' '.repeat(CHECKSUM_LENGTH)} ${length} `
  const line = Buffer.allocUnsafe(head.length + length + 1)
  line.write(head, 0, 'latin1')
  line.write(json, head.length, 'utf8')
  line.write(checksum(line.subarray(head.length, head.length + length)), 0, 'latin1')
  line[line.length - 1] = NEWLINE
  return line
}

/** What a line (without its line break) holds; undefined unless every byte of it is as it was written. */
export function decodeRecord(line: Buffer): { readonly body: unknown } | undefined {
  const head = readHead(line)
  if (head === undefined || line.length - head.start !== head.length) return undefined
  const body = line.subarray(head.start)
  if (checksum(body) !== line.toString('latin1', 0, CHECKSUM_LENGTH)) return undefined
  return { body: JSON.parse(body.toString('utf8')) as unknown }
}

/** What follows the last readable record of a journal, as far as it is not zeros. */
export interface Tail {
  /**
   * `torn`: the beginning, or a part with whole sectors missing, of the one record that was being written, so it was never
   * acknowledged. `damaged`: anything else, so something that was acknowledged may be lost.
   */
  readonly kind: 'clean' | 'torn' | 'damaged'
  readonly bytes: number
}

/**
 * Judges the end of a journal, which begins at a position of the file. Records are written over zeros and hold none themselves:
 * what is zero never arrived, and a journal whose last byte is not zero has been cut. A record that lacks nothing but its line
 * break is whole.
 */
export function takeTail(tail: Buffer, position: number): { readonly tail: Tail; readonly record?: { readonly body: unknown } } {
  let bytes = tail.length
  while (bytes >= ZEROS.length && ZEROS.equals(tail.subarray(bytes - ZEROS.length, bytes))) bytes -= ZEROS.length
  while (bytes > 0 && tail[bytes - 1] === 0) bytes--
  if (bytes === tail.length) return { tail: { kind: 'damaged', bytes } }
  const written = tail.subarray(0, bytes)
  const record = decodeRecord(written)
  if (record !== undefined) return { tail: { kind: 'clean', bytes: 0 }, record }
  return { tail: { kind: bytes === 0 ? 'clean' : isTorn(written, tail, position) ? 'torn' : 'damaged', bytes } }
}

function isTorn(written: Buffer, tail: Buffer, position: number): boolean {
  const newline = written.indexOf(NEWLINE)
  const head = readHead(written)
  if (head === undefined && newline < 0 && written.length < LONGEST_HEAD) return true
  const end = head === undefined ? written.length : head.start + head.length + 1
  // More than one record was written here, or its length was changed.
  if (end >= tail.length || written.length > end || (newline >= 0 && newline !== end - 1)) return false
  return lacksSector(tail.subarray(0, end), position)
}

/** Whether zeros stand where a sector, or the rest of the record, did not arrive. A single one may be a damaged byte. */
function lacksSector(record: Buffer, position: number): boolean {
  if (isMissing(record.subarray(-2))) return true
  for (let from = 0; from < record.length; ) {
    const to = from + SECTOR_BYTES - ((position + from) % SECTOR_BYTES)
    if (isMissing(record.subarray(from, to))) return true
    from = to
  }
  return false
}

function isMissing(part: Buffer): boolean {
  return part.length > 1 && part.every((byte) => byte === 0)
}

export function checksum(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex').slice(0, CHECKSUM_LENGTH)
}

function readHead(line: Buffer): { readonly start: number; readonly length: number } | undefined {
  if (line[CHECKSUM_LENGTH] !== SPACE) return undefined
  const end = line.indexOf(SPACE, CHECKSUM_LENGTH + 1)
  if (end < 0 || end >= LONGEST_HEAD) return undefined
  const digits = line.toString('latin1', CHECKSUM_LENGTH + 1, end)
  return /^(0|[1-9]\d*)$/.test(digits) ? { start: end + 1, length: Number(digits) } : undefined
}
