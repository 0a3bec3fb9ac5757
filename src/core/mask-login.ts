/**
 * Takes the login out of URLs in a text: `postgres://app:secret@db/crm` -> `postgres://[secret]@db/crm`. Up to the last `@`
 * before the path; where what follows the name is no port, a slash belongs to the password.
 */
export function maskLogin(text: string): string {
  return text.includes('://') ? text.replace(LOGIN, '://[secret]@') : text
}

/** No match begins within another, and the second form is short: the time grows with the length of the text only. */
const LOGIN = /:\/\/(?:[^\s/?#"<>]*@|[^\s/?#"<>:@]{0,256}:(?!\d{0,5}(?:[\s/?#"<>]|$))[^\s"<>]{0,256}@)/g
