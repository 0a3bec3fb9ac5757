import { type Check, speak } from '../content/case.js'
import { because } from '../findings.js'

/** Whether both fields of RFC 8058 are there: an https address to post to, and the word that it takes one click. */
export function hasOneClick(headers: Readonly<Record<string, string>> | undefined): boolean {
  if (headers === undefined) return false
  const list = headerOf(headers, 'list-unsubscribe')
  const post = headerOf(headers, 'list-unsubscribe-post')
  return (
    list !== undefined &&
    /<\s{0,3}https:\/\/[^>\s{}]{3,2000}>/i.test(list) &&
    post !== undefined &&
    /^\s*List-Unsubscribe\s*=\s*One-Click\s*$/i.test(post)
  )
}

function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  for (const key of Object.keys(headers)) if (key.toLowerCase() === name) return headers[key]
  return undefined
}

/** Gmail and Yahoo want one-click unsubscribing in bulk mail. Judged where headers or the sender's set-up are known. */
export const checkOneClick: Check = (about, found) => {
  const { policy, context } = about
  const { authentication } = policy.sender
  const has = context.headers === undefined ? authentication?.oneClick : hasOneClick(context.headers)
  if (has !== false || context.purpose === 'transactional') return
  speak(
    found,
    about,
    authentication?.bulk === true ? 'block' : 'warn',
    because(
      'compliance.authentication',
      'The e-mail lacks the headers for one-click unsubscribing (RFC 8058): List-Unsubscribe with an https address and List-Unsubscribe-Post. Gmail and Yahoo ask bulk senders for both.',
      {},
      { rule: 'header.one-click' },
    ),
  )
}
