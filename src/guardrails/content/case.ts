import type { ContactFacts } from '../../core/contact.js'
import type { Message } from '../../core/message.js'
import type { Reason } from '../../core/reason.js'
import { type Findings, report } from '../findings.js'
import type { GuardrailPolicy } from '../policy.js'
import { applies } from '../rules/applies.js'
import type { Page } from './reading/page.js'
import type { Words } from './reading/words.js'

/** What is known about a message beside its text. Everything may be absent; then the stricter reading holds. */
export interface MessageContext {
  readonly contact?: ContactFacts
  /** `transactional` = the recipient's own order, account or appointment causes it; said by the host, not by an agent. Default: commercial. */
  readonly purpose?: 'commercial' | 'transactional'
  /** True when nothing was sent to this contact on this channel before. */
  readonly firstMessage?: boolean
  /** Headers the sending system adds, e.g. `List-Unsubscribe`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Companies of the other recipients of the same batch: naming one of them is a mix-up. */
  readonly otherCompanies?: readonly string[]
}

/** Everything a content or compliance rule looks at. */
export interface Case {
  readonly message: Message
  readonly page: Page
  readonly policy: GuardrailPolicy
  readonly context: MessageContext
}

/** A rule adds what it finds. */
export type Check = (about: Case, found: Findings) => void

/** Reports what a rule found, unless its pack is off or its law does not hold where the recipient is. */
export function speak(
  found: Findings,
  { message, policy, context }: Case,
  severity: 'block' | 'warn' | 'off',
  why: Reason,
): void {
  if (severity !== 'off' && applies(why.rule, message, policy, context.contact)) report(found, severity, why)
}

/** Where words stand, in UTF-16 units of their text. */
export function spanOf(words: Words, from: number, to: number): [start: number, end: number] {
  return [words.starts[from] ?? 0, words.ends[to] ?? 0]
}
