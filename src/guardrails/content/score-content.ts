import type { Message } from '../../core/message.js'
import type { GuardrailPolicy } from '../policy.js'
import { findBulkMarks } from './bulk-marks.js'
import { findCallToClaim } from './call-to-claim.js'
import { findAdvanceFee, findPhishing } from './fraud.js'
import { smuggled } from './hidden-text.js'
import { findObfuscation } from './obfuscation.js'
import { type Page, readPage } from './reading/page.js'
import { findShouting } from './shouting.js'
import { findSpamPhrases } from './spam-phrase.js'

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
 * A message that cannot be read (too long, or a template) scores 0.
 */
export function scoreContent(message: Message, policy: GuardrailPolicy): Score {
  const page = readPage(message, policy)
  return typeof page === 'string' ? { score: 0, verdict: 'allow', findings: [] } : scorePage(page, policy)
}

/** Plain sales words say something together, but a long text has many of them: their sum is capped. */
const PLAIN = 0.7
const MOST_PLAIN = 2

export function scorePage(page: Page, { content }: GuardrailPolicy): Score {
  const findings: Finding[] = []
  const disguised = findObfuscation(page, findings)
  findSpamPhrases(page, disguised, findings)
  findBulkMarks(page, findings)
  findShouting(page, findings)
  findCallToClaim(page, findings)
  findAdvanceFee(page, findings)
  findPhishing(page, findings)
  if (page.html !== undefined && smuggled(page.html) > 0) {
    findings.push({ rule: 'content.hidden-text', weight: 2.5, part: 'body', mend: 'Show all of the text, or leave it out.' })
  }
  let sum = 0
  let plain = 0
  for (const { weight } of findings) {
    if (weight < PLAIN) plain += weight
    else sum += weight
  }
  sum += Math.min(plain, MOST_PLAIN)
  const score = Math.round(sum * 100) / 100
  return { score, verdict: score >= content.blockAt ? 'block' : score >= content.warnAt ? 'warn' : 'allow', findings }
}
