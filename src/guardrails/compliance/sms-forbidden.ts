import { type Check, spanOf, speak } from '../content/case.js'
import type { Hit } from '../content/reading/phrase-book.js'
import { because } from '../findings.js'

/** What US carriers do not carry: sex, hate, alcohol, firearms, tobacco, cannabis; loans, debt, crypto, gambling and the like. */
export const checkSmsForbidden: Check = (about, found) => {
  const { words, hits, text } = about.page.body
  let shaft: Hit | undefined
  let trade: Hit | undefined
  for (const hit of hits) {
    if (hit.phrase.kind === 'shaft') shaft ??= hit
    else if (hit.phrase.kind === 'forbidden') trade ??= hit
  }
  if (shaft !== undefined) {
    const { family = '', text: named } = shaft.phrase
    const gated =
      AGE_GATED.has(family) && /\b(?:21|18)\s?\+|\b(?:21|18) (?:and|or) (?:over|older|up)|must be (?:21|18)/i.test(text)
    const why = `US carriers do not carry texts about ${family} ("${named}").${gated ? ' Age-gated traffic needs their approval.' : ' Send them another way.'}`
    speak(
      found,
      about,
      gated ? 'warn' : 'block',
      because(
        'compliance.forbidden_content',
        why,
        { category: family, span: spanOf(words, shaft.from, shaft.to) },
        { rule: 'compliance.shaft' },
      ),
    )
  }
  if (trade !== undefined) {
    const { family = '', text: named } = trade.phrase
    const why = `US carriers do not carry texts about ${family} ("${named}"). Send them another way.`
    speak(
      found,
      about,
      'block',
      because(
        'compliance.forbidden_content',
        why,
        { category: family, span: spanOf(words, trade.from, trade.to) },
        { rule: 'compliance.sms-forbidden-category' },
      ),
    )
  }
}

const AGE_GATED = new Set(['alcohol', 'tobacco'])
