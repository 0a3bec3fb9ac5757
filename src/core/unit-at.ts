/**
 * `text.charCodeAt(at)`, as fast for every string: the UTF-16 unit, NaN beyond the ends. V8 has a shape for each way a
 * string is kept (flat, sliced, joined, shared, each of one or two bytes), and code that has met more than four of them
 * looks the method up anew for every character: three to five times as slow. This names the one method there is.
 */
export function unitAt(text: string, at: number): number {
  return String.prototype.charCodeAt.call(text, at)
}
