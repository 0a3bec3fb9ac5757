import { MARK } from './reading/chars.js'
import type { Page } from './reading/page.js'
import type { Finding } from './score-content.js'

/** What programs for bulk mail leave in a subject: a tail behind spaces, a random token, a label. */
export function findBulkMarks({ channel, subject: { text, words } }: Page, findings: Finding[]): void {
  if (channel !== 'email') return
  for (const { mark, weight, text: named, pattern, mend } of MARKS) {
    const match = (words.all & mark) === 0 ? null : pattern.exec(text)
    if (match !== null)
      findings.push({
        rule: 'content.bulk-mark',
        weight,
        part: 'subject',
        span: [match.index, match.index + match[0].length],
        text: named,
        mend,
      })
  }
}

/** Lengths are bounded, and a subject is short. */
const MARKS: readonly {
  readonly text: string
  readonly mark: number
  readonly weight: number
  readonly pattern: RegExp
  readonly mend: string
}[] = [
  {
    text: 'a label of advertising',
    mark: MARK.clause | MARK.bracket,
    weight: 3,
    pattern: /^\s{0,3}\[?adv[:\]]/i,
    mend: 'Leave the label out.',
  },
  {
    text: 'a tail behind spaces',
    mark: MARK.wide,
    weight: 2.5,
    pattern: /\S {6,200}\S{1,40}\s{0,3}$/,
    mend: 'Leave out what stands behind the spaces.',
  },
  {
    text: 'a random token',
    mark: MARK.mixed,
    weight: 1.5,
    pattern:
      /\s(?=[^\s]{0,30}[a-z])(?=[^\s]{0,30}\d)(?=[^\s]{0,30}[a-z]\d[a-z0-9]|[^\s]{0,30}\d[a-z][a-z0-9])[a-zA-Z0-9-]{7,40}$/,
    mend: 'Leave the token out.',
  },
  { text: 'dollar signs', mark: MARK.money, weight: 1.5, pattern: /\${2}/, mend: 'Name the sum, or leave it out.' },
  {
    text: 'capitals and exclamation',
    mark: MARK.capitals,
    weight: 0.8,
    pattern: /^(?=[^a-z]*[A-Z]{3,20}[^a-z]*[A-Z]{3,20})[^a-z]*!\s*$/,
    mend: 'Write in sentence case.',
  },
]
