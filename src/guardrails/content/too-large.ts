import { because, deny, type Findings } from '../findings.js'
import type { GuardrailPolicy } from '../policy.js'

/** Longer than is read. */
export function refuseTooLarge({ content: { maxLength, maxHtml } }: GuardrailPolicy, found: Findings): void {
  deny(
    found,
    because(
      'content.too_large',
      `The message is longer than ${maxLength} characters (HTML: ${maxHtml}), so it is not read. Shorten it.`,
      { max: maxLength, maxHtml },
      { rule: 'content.too-large' },
    ),
  )
}
