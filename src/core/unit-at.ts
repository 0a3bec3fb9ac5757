/**
 * The UTF-16 unit at a place of a text, -1 beyond its ends, equally fast for every text. V8 has a shape for each way a
 * string is kept (flat, sliced, joined, shared, each of one or two bytes): code that has met more than four of them looks
 * `charCodeAt` up anew for every character, and code that has once read beyond an end calls it for every character, both
 * three to five times as slow. This names the one method there is and never reads beyond.
 */
export function unitAt(text: string, at: number): number {
  return at >>> 0 < text.length ? String.prototype.charCodeAt.call(text, at) : -1
}
