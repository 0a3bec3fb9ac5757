import type { Page, Part } from './reading/page.js'
import type { PhraseKind } from './reading/phrase-book.js'
import type { Finding } from './score-content.js'

/** Each is a block by itself. */
const WEIGHT = 5

/** An old story: a fortune, a stranger's part in it, what is asked, secrecy. All but one of these, and enough of it. */
export function findAdvanceFee(page: Page, findings: Finding[]): void {
  const found = familiesOf('advance-fee', page)
  if (found === undefined || found.size < 3 || countOf(found) < 5 || !found.has('ask')) return
  findings.push({
    rule: 'content.advance-fee',
    weight: WEIGHT,
    part: 'body',
    mend: 'It reads like advance-fee fraud. Write it anew.',
  })
}

/** What the reader should hand over, beside a threat or with haste. */
export function findPhishing(page: Page, findings: Finding[]): void {
  const found = familiesOf('credentials', page)
  if (found === undefined || !found.has('ask') || !found.has('threat')) return
  findings.push({
    rule: 'content.phishing',
    weight: WEIGHT,
    part: 'body',
    mend: 'A threat to an account beside a request to verify it reads like phishing. Leave one of them out.',
  })
}

/** The distinct phrases of each family of a kind. */
function familiesOf(kind: PhraseKind, { subject, body }: Page): Map<string, Set<string>> | undefined {
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

function countOf(families: ReadonlyMap<string, ReadonlySet<string>>): number {
  let count = 0
  for (const phrases of families.values()) count += phrases.size
  return count
}
