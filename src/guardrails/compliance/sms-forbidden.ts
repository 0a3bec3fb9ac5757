import { type Case, type Check, spanOf, speak } from '../content/case.js'
import { findObfuscation } from '../content/obfuscation.js'
import type { Hit, Phrase, PhraseKind } from '../content/reading/phrase-book.js'
import { because, type Findings } from '../findings.js'

/** What US carriers do not carry: sex, hate, alcohol, firearms, tobacco, cannabis; loans, debt, crypto, gambling and the like. */
export const checkSmsForbidden: Check = (about, found) => {
  const { body } = about.page
  // A disguise is told by its own rule; what it hides is not carried either.
  const disguised = findObfuscation(about.page, [])
  const shaft = named('shaft', body.hits, disguised)
  if (shaft !== undefined) {
    const { family = '' } = shaft.phrase
    const gated =
      AGE_GATED.has(family) && /\b(?:21|18)\s?\+|\b(?:21|18) (?:and|or) (?:over|older|up)|must be (?:21|18)/i.test(body.text)
    if (gated) refuse(about, found, shaft, 'compliance.shaft', 'warn', 'Age-gated traffic needs their approval.')
    else refuse(about, found, shaft, 'compliance.shaft', 'block', 'Send them another way.')
  }
  const trade = named('forbidden', body.hits, disguised)
  if (trade !== undefined) refuse(about, found, trade, 'compliance.sms-forbidden-category', 'block', 'Send them another way.')
}

interface Named {
  readonly phrase: Phrase
  /** Absent where it is disguised. */
  readonly hit?: Hit
}

function named(kind: PhraseKind, hits: readonly Hit[], disguised: readonly Phrase[]): Named | undefined {
  const hit = hits.find(({ phrase }) => phrase.kind === kind)
  if (hit !== undefined) return { phrase: hit.phrase, hit }
  const phrase = disguised.find((each) => each.kind === kind)
  return phrase === undefined ? undefined : { phrase }
}

function refuse(
  about: Case,
  found: Findings,
  { phrase, hit }: Named,
  rule: string,
  severity: 'block' | 'warn',
  advice: string,
): void {
  const { family = '', text } = phrase
  const { words } = about.page.body
  const data = { category: family, ...(hit === undefined ? {} : { span: spanOf(words, hit.from, hit.to) }) }
  const why = `US carriers do not carry texts about ${family} ("${text}"). ${advice}`
  speak(found, about, severity, because('compliance.forbidden_content', why, data, { rule }))
}

const AGE_GATED = new Set(['alcohol', 'tobacco'])
