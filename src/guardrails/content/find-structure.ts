import type { Page } from './page.js'
import type { Finding } from './score-content.js'

/** Form rather than words: shouting, rows of exclamation marks, text hidden from the reader, pictures of text. */
export function findStructure({ subject, body, html }: Page, findings: Finding[]): void {
  const { letters, capitals, bangs } = body.words
  // Half of more than 40 letters: acronyms and headings stay below.
  if (letters > 40 && capitals * 2 >= letters) {
    findings.push({ rule: 'content.shouting', weight: 1.5, part: 'body', mend: 'Write in sentence case.' })
  }
  if (bangs >= 3 || subject.words.bangs >= 3) {
    findings.push({
      rule: 'content.exclamation',
      weight: 0.8,
      part: bangs >= 3 ? 'body' : 'subject',
      mend: 'One exclamation mark is enough.',
    })
  }
  if (html === undefined) return
  // A preheader of up to 150 characters is usual in newsletters.
  if (html.hidden.trim().length > 150) {
    findings.push({ rule: 'content.hidden_text', weight: 2.5, part: 'body', mend: 'Show all of the text, or leave it out.' })
  }
}
