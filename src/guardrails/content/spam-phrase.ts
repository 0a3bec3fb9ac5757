import { COMBINATIONS } from './phrases/sales.js'
import type { Page, Part } from './reading/page.js'
import type { Phrase } from './reading/phrase-book.js'
import type { Finding } from './score-content.js'

/** Sales and fraud phrases, each (of a family, one) counted once; half as much again in the subject; more where some stand together. */
export function findSpamPhrases(
  { channel, subject, body, alternative }: Page,
  disguised: readonly Phrase[],
  findings: Finding[],
): void {
  const before = findings.length
  const seen = new Set<string>()
  if (channel === 'email') inPart(subject, seen, findings)
  else inText(body, seen, findings)
  inPart(body, seen, findings)
  if (alternative !== undefined) inPart(alternative, seen, findings)
  for (const phrase of disguised) {
    if (phrase.kind !== 'sales' || seen.has(phrase.text)) continue
    seen.add(phrase.text)
    findings.push({ rule: RULE, weight: phrase.weight, part: 'body', text: phrase.text, mend: MEND })
  }
  if (findings.length - before < 2) return
  for (const { all, weight } of COMBINATIONS) {
    if (all.every((text) => seen.has(text)))
      findings.push({ rule: RULE, weight, part: 'body', text: all.join(' + '), mend: 'Say it without one of the two.' })
  }
}

/** What only short texts are judged by; the phrase of the two lists that weighs more counts. */
function inText({ name, words, hits }: Part, seen: Set<string>, findings: Finding[]): void {
  for (const { phrase, from, to } of hits) {
    if (phrase.kind !== 'text-sales' || seen.has(phrase.text)) continue
    seen.add(phrase.text)
    findings.push({
      rule: RULE,
      weight: phrase.weight,
      part: name,
      span: [words.starts[from] ?? 0, words.ends[to] ?? 0],
      text: phrase.text,
      mend: MEND,
    })
  }
}

function inPart({ name, words, hits }: Part, seen: Set<string>, findings: Finding[]): void {
  for (const { phrase, from, to } of hits) {
    const what = phrase.family ?? phrase.text
    if (phrase.kind !== 'sales' || phrase.weight === 0 || seen.has(what)) continue
    seen.add(what)
    findings.push({
      rule: RULE,
      weight: name === 'subject' ? phrase.weight * 1.5 : phrase.weight,
      part: name,
      span: [words.starts[from] ?? 0, words.ends[to] ?? 0],
      text: phrase.text,
      mend: MEND,
    })
  }
}

const RULE = 'content.spam-phrase'
const MEND = 'Say it in other words.'
