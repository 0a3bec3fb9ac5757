import type { Message } from '../../core/message.js'
import type { GuardrailPolicy } from '../policy.js'
import { findPhrases } from './find-phrases.js'
import { findStructure } from './find-structure.js'
import { type Page, readPage } from './page.js'

/** Something that makes a message look like spam. */
export interface Finding {
  readonly rule: string
  readonly weight: number
  readonly part: 'subject' | 'body'
  /** Where, in UTF-16 units of the part as a reader sees it; absent when it had to be normalised first. */
  readonly span?: readonly [start: number, end: number]
  /** The phrase of the rule, never the message's own text. */
  readonly text?: string
  /** What to do about it. */
  readonly mend: string
}

export interface Score {
  readonly score: number
  readonly verdict: 'allow' | 'warn' | 'block'
  readonly findings: readonly Finding[]
}

/**
 * How much a message looks like spam: the sum of what was found. `warn` from `policy.content.warnAt`, `block`
 * from `blockAt`. Judges words and form only; opt-out, merge tags and the like are rules of their own.
 */
export function scoreContent(message: Message, policy: GuardrailPolicy): Score {
  return scorePage(readPage(message, policy), policy)
}

export function scorePage(page: Page, { content }: GuardrailPolicy): Score {
  const findings: Finding[] = []
  for (const find of RULES) find(page, findings)
  let sum = 0
  for (const { weight } of findings) sum += weight
  const score = Math.round(sum * 100) / 100
  return { score, verdict: score >= content.blockAt ? 'block' : score >= content.warnAt ? 'warn' : 'allow', findings }
}

/** A rule adds what it finds. Add one: a file with a function of this shape, named here. */
type ContentRule = (page: Page, findings: Finding[]) => void

const RULES: readonly ContentRule[] = [findPhrases, findStructure]
