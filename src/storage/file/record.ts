import { createHash } from 'node:crypto'

const NEWLINE = 10
const SPACE = 32
const CHECKSUM_LENGTH = 16
/** The longest head: checksum, space, 12 digits of length, space. */
const LONGEST_HEAD = CHECKSUM_LENGTH + 14
/** A stretch of zeros this long is a block that never reached the disk, not a damaged byte. */
const HOLE = Buffer.alloc(512)

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

/**
 * What unreadable bytes at the end of the last journal are. `torn`: the beginning of one record whose write was
 * interrupted, so it was never acknowledged. `damaged`: all its bytes are there and some are wrong, so it may
 * have been acknowledged and must not be dropped.
 */
export function judgeTail(tail: Buffer): 'torn' | 'damaged' {
  if (tail.includes(HOLE) || tail.every((byte) => byte === 0)) return 'torn'
  if (tail.includes(NEWLINE)) return 'damaged'
  const head = readHead(tail)
  if (head === undefined) return tail.length < LONGEST_HEAD ? 'torn' : 'damaged'
  const present = tail.length - head.start
  if (present < head.length) return 'torn'
  // Only the line break is missing; one byte more would be a line break that was changed.
  return decodeRecord(tail) === undefined ? 'damaged' : 'torn'
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
