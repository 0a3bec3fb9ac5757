import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/** Random bytes are drawn in blocks: one system call per id would dominate the cost of an id. */
const BLOCK = 4096
let pool = Buffer.alloc(0)
let used = 0

/**
 * A time-ordered identifier, e.g. `act_0k3v9x2m1a7f3q8r5t`: 9 characters of time (ms), 10 of randomness (50 bits).
 * Sorted as text, ids are in the order of their times.
 */
export function newId(prefix: string, now: number): string {
  return `${prefix}_${timeText(now)}${randomText(10)}`
}

let issued = 0

/**
 * A key part that sorts by time and, within one process, by the order of its making: 9 characters of
 * time, 6 of a running number (it wraps after a thousand million), 6 of randomness.
 */
export function orderedId(now: number): string {
  issued = (issued + 1) % 32 ** 6
  return timeText(now) + base32(issued, 6) + randomText(6)
}

/** A time as fixed-width base-32 text that sorts like the number. Good until the year 3084. */
export function timeText(now: number): string {
  return base32(Math.max(0, Math.floor(now)), 9)
}

function base32(number: number, width: number): string {
  let rest = number
  let text = ''
  for (let i = 0; i < width; i++) {
    text = ALPHABET[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  return text
}

export function randomText(length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) {
    if (used >= pool.length) {
      pool = randomBytes(BLOCK)
      used = 0
    }
    text += ALPHABET[(pool[used++] as number) & 31]
  }
  return text
}
