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

/** A time as fixed-width base-32 text that sorts like the number. Good until the year 3084. */
export function timeText(now: number): string {
  let rest = Math.max(0, Math.floor(now))
  let text = ''
  for (let i = 0; i < 9; i++) {
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
