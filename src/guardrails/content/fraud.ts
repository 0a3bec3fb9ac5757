import type { Page, Part } from './reading/page.js'
import type { PhraseKind } from './reading/phrase-book.js'
import type { Finding } from './score-content.js'

/** Each is a block by itself. */
const WEIGHT = 5

/** An old story, told at length or in all of its three parts. */
export function findAdvanceFee(page: Page, findings: Finding[]): void {
  if (!isLongStory(familiesOf('advance-fee', page)) && familiesOf('windfall', page)?.size !== WINDFALL) return
  findings.push({
    rule: 'content.advance-fee',
    weight: WEIGHT,
    part: 'body',
    mend: 'It reads like advance-fee fraud. Write it anew.',
  })
}

/** A fortune, a stranger, the reader's share. */
const WINDFALL = 3

/** A fortune, a stranger's part in it, what is asked, secrecy: all but one of these, and enough of it. */
function isLongStory(found: Families | undefined): boolean {
  return found !== undefined && found.size >= 3 && countOf(found) >= 5 && found.has('ask')
}

/** What the reader should do, beside a threat; or a secret that is to be sent by answer. */
export function findPhishing(page: Page, findings: Finding[]): void {
  const found = familiesOf('credentials', page)
  const threatens = found?.has('ask') === true && found.has('threat')
  if (!threatens && !page.body.hits.some(({ phrase }) => phrase.kind === 'handover')) return
  findings.push({
    rule: 'content.phishing',
    weight: WEIGHT,
    part: 'body',
    mend: threatens
      ? 'A threat to an account beside a request to verify it reads like phishing. Leave one of them out.'
      : 'It asks for a secret by answer, which reads like phishing. Never ask for one.',
  })
}

/** The distinct phrases of each family. */
type Families = ReadonlyMap<string, ReadonlySet<string>>

function familiesOf(kind: PhraseKind, { subject, body }: Page): Families | undefined {
  let families: Map<string, Set<string>> | undefined
  const look = ({ hits }: Part) => {
    for (const { phrase } of hits) {
      if (phrase.kind !== kind || phrase.family === undefined) continue
      families ??= new Map()
      const known = families.get(phrase.family)
      if (known === undefined) families.set(phrase.family, new Set([phrase.text]))
      else known.add(phrase.text)
    }
  }
  look(subject)
  look(body)
  return families
}

function countOf(families: Families): number {
  let count = 0
  for (const phrases of families.values()) count += phrases.size
  return count
}
