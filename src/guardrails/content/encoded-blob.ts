import { unitAt } from '../../core/unit-at.js'
import { MARK } from './reading/chars.js'
import type { Words } from './reading/words.js'

/** Text that came out of a mail system undecoded: base64 lines, quoted-printable, percent signs; undefined for none. */
export function encodedBlob(words: Words): string | undefined {
  if ((words.all & (MARK.equals | MARK.percent)) !== 0) {
    const escapes = countEscapes(words.text)
    if (escapes !== undefined) return escapes
  }
  for (let index = 0; words.longest >= 20 && index < words.starts.length; index++) {
    // A piece of base64 is one long word, or several that `+` and `/` divide.
    if ((words.ends[index] as number) - (words.starts[index] as number) < 20) continue
    const run = runAt(words.text, words.starts[index] as number)
    if (run.length >= 40 && isEncodedText(run)) return 'base64'
  }
  return undefined
}

/** The stretch without white space around a position; '' where it is longer than is looked at. */
function runAt(text: string, at: number): string {
  let from = at
  let to = at
  while (from > 0 && at - from < 200 && unitAt(text, from - 1) > 32) from--
  while (to < text.length && to - at < 400 && unitAt(text, to) > 32) to++
  return text.slice(from, to)
}

/** Base64 that decodes to something people could read; a hash, a key or an address does not. */
function isEncodedText(run: string): boolean {
  if (!/^[A-Za-z0-9+/]{40,}={0,2}$/.test(run)) return false
  const sample = run.slice(0, Math.min(run.length, 240) & ~3)
  let readable = 0
  let spaces = 0
  let letters = 0
  const size = (sample.length / 4) * 3
  for (let at = 0; at < sample.length; at += 4) {
    let bits = 0
    for (let index = 0; index < 4; index++) bits = (bits << 6) | Math.max(0, BASE64.indexOf(sample.charAt(at + index)))
    for (const code of [(bits >> 16) & 255, (bits >> 8) & 255, bits & 255]) {
      if ((code >= 32 && code < 127) || code === 10 || code === 13 || code === 9) readable++
      if (code === 32) spaces++
      else if ((code | 32) >= 97 && (code | 32) <= 122) letters++
    }
  }
  return readable >= size * 0.9 && spaces >= size / 15 && letters >= size * 0.6
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** `=77=69=6E`, `=3D`, `%77%69%6e` outside of addresses. */
function countEscapes(text: string): string | undefined {
  let quoted = 0
  let run = 0
  for (let at = nextEscape(text, 0); at !== -1; at = nextEscape(text, at + 1)) {
    if (!isHex(text, at + 1)) {
      if (unitAt(text, at) === 61 && unitAt(text, at + 1) === 10 && isSoftBreak(text, at)) quoted++
      continue
    }
    if (inAddress(text, at)) continue
    run = isEscape(text, at - 3) ? run + 1 : 1
    if (unitAt(text, at) === 61 && isQuoted(text, at)) quoted++
    if (run >= 4 || quoted >= 3) return unitAt(text, at) === 61 ? 'quoted-printable' : 'percent encoding'
  }
  return undefined
}

/** What mail systems write for themselves: a space, a line, `=`, or a byte of a letter with an accent; `x=128` is none. */
function isQuoted(text: string, at: number): boolean {
  const pair = text.slice(at + 1, at + 3)
  return (
    /^(?:0[9AD]|20|2E|3D|[C-F][0-9A-F]|[89AB][0-9A-F])$/.test(pair) && !isHexUnit(unitAt(text, at + 3)) && !/^[89]\d$/.test(pair)
  )
}

function nextEscape(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = unitAt(text, at)
    if (code === 61 || code === 37) return at
  }
  return -1
}

function isEscape(text: string, at: number): boolean {
  const code = at < 0 ? 0 : unitAt(text, at)
  return (code === 61 || code === 37) && isHex(text, at + 1)
}

/** Two digits of hexadecimal. */
function isHex(text: string, at: number): boolean {
  return isHexUnit(unitAt(text, at)) && isHexUnit(unitAt(text, at + 1))
}

function isHexUnit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102)
}

/** A line broken by `=` has a letter before it. */
function isSoftBreak(text: string, at: number): boolean {
  return at > 50 && unitAt(text, at - 1) > 32 && unitAt(text, at - 1) !== 61
}

/** Within 200 characters back, without a space between, stands `://`. */
function inAddress(text: string, at: number): boolean {
  for (let back = at; back > 2 && at - back < 200; back--) {
    const code = unitAt(text, back)
    if (code <= 32) return false
    if (code === 58 && unitAt(text, back + 1) === 47) return true
    if (code === 63 || code === 38) return true
  }
  return false
}
