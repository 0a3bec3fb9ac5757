const PLAIN = /^[A-Za-z0-9_-]+$/

/**
 * True for what can be an id in a path and stays that one id: no slash, no dot segment, nothing a server would
 * decode, split or cut. GHL's own ids are letters and digits.
 */
export function isSafeId(id: string): boolean {
  // GHL's own, and at once: classes of Unicode take longer.
  if (PLAIN.test(id)) return id.length <= 200
  return id !== '' && id !== '.' && id !== '..' && id.length <= 200 && !/[/\\%;?#{}]|\p{Cc}|\p{Cf}|\p{Cs}/u.test(id)
}
