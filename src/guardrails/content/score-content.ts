import type { Message } from '../../core/message.js'
import type { GuardrailPolicy } from '../policy.js'

export interface Finding {
  readonly rule: string
  readonly weight: number
  readonly part: 'subject' | 'body'
  /** Where, in UTF-16 units of the part as a reader sees it; absent when the text had to be normalised first. */
  readonly span?: readonly [start: number, end: number]
  /** The phrase of the rule, never the message's text. */
  readonly text?: string
  /** What to do about it. */
  readonly mend: string
}
export interface Score {
  readonly score: number
  readonly verdict: 'allow' | 'warn' | 'block'
  readonly findings: readonly Finding[]
}
export function scoreContent(_message: Message, _policy: GuardrailPolicy): Score {
  return { score: 0, verdict: 'allow', findings: [] }
}
