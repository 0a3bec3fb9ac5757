import type { ContactFacts } from '../../core/contact.js'
import { because } from '../findings.js'
import { type Case, type Check, spanOf, speak } from './case.js'
import { isSameName, plainName } from './names.js'
import { MARK } from './reading/chars.js'
import { wordSet } from './reading/lexicon.js'
import type { Part } from './reading/page.js'
import { beginsLine, isOneOf, type Words, wordAt } from './reading/words.js'

/** The greeting names somebody else than the contact, or the text names a company of another recipient. */
export const checkWrongRecipient: Check = (about, found) => {
  const { body, subject } = about.page
  const span = otherName(about, body)
  if (span !== undefined) {
    speak(
      found,
      about,
      'block',
      because(
        'content.wrong_recipient',
        'The greeting names somebody else than the contact. Check whom it is for.',
        { part: 'body', span },
        { rule: 'content.wrong-recipient' },
      ),
    )
    return
  }
  const other = otherCompany(about, [subject, body])
  if (other === undefined) return
  speak(
    found,
    about,
    'block',
    because(
      'content.wrong_recipient',
      'The text names the company of another recipient. Check whom it is for.',
      { part: other },
      { rule: 'content.wrong-recipient' },
    ),
  )
}

/** What stands in a greeting beside names. */
const TITLES = wordSet(
  'mr mrs ms miss mx dr prof professor sir madam herr frau monsieur madame señor señora sr sra signor signora dott pan pani mme mlle',
)
const NEUTRAL = wordSet(
  'there all everyone everybody team folks both friend friends guys colleague colleagues sir madam again you partner partners neighbor neighbour customer client valued reader readers subscriber member members hiring manager accounts accounting billing support sales zusammen alle team damen und herren kollegen kolleginnen tous à toutes equipo todos tutti a from and just it is i we this thanks thank hope quick world reviewer candidate applicant homeowner owner business ladies gentlemen dear mom mum dad doctor professor office reception purchasing procurement marketing recruiting hr finance legal procurement',
)

function otherName({ context: { contact }, message }: Case, { words, hits }: Part): [number, number] | undefined {
  if (contact?.firstName === undefined || contact.firstName.length < 2) return undefined
  for (const { phrase, from, to } of hits) {
    if (phrase.kind !== 'greeting' || from > 12) continue
    if (!beginsLine(words, from) && message.channel === 'email') continue
    const greeted = namesBehind(words, to)
    if (greeted === undefined) continue
    return isKnownAs(greeted.names, contact) ? undefined : spanOf(words, to + 1, greeted.to)
  }
  return undefined
}

/** Whether one of the names greeted is one of the contact's. */
function isKnownAs(names: readonly string[], { firstName = '', lastName = '', companyName = '' }: ContactFacts): boolean {
  // As it stands in the CRM: nearly always.
  if (names[0] === firstName.toLowerCase()) return true
  const own = `${firstName} ${lastName} ${companyName}`.split(/[\s\-/.]+/).filter((name) => name !== '')
  return names.some((name) => own.some((mine) => isSameName(name, mine)))
}

/** Up to four capitalised words between a greeting and its comma; undefined where it names nobody. */
function namesBehind(words: Words, to: number): { readonly names: readonly string[]; readonly to: number } | undefined {
  const names: string[] = []
  let at = to + 1
  for (; at < words.starts.length && at <= to + 5; at++) {
    const mark = words.marks[at] as number
    // "Ms. Smith": the stop belongs to the title.
    const titled = isOneOf(words, at - 1, TITLES) && (mark & (ENDS & ~MARK.stop)) === 0
    if (at > to + 1 && (mark & ENDS) !== 0 && !titled) break
    if (at === to + 1 && (mark & (ENDS & ~MARK.stop)) !== 0) return undefined
    if (isOneOf(words, at, TITLES)) continue
    if (isOneOf(words, at, NEUTRAL)) return undefined
    const first = words.text.charAt(words.starts[at] ?? 0)
    if (first === first.toLowerCase()) break
    names.push(wordAt(words, at))
  }
  // "Hi Bright ideas ahead" greets nobody: a name is followed by a comma, a line or the like.
  const closed = at >= words.starts.length || ((words.marks[at] as number) & ENDS) !== 0
  return names.length === 0 || !closed ? undefined : { names, to: at - 1 }
}

const ENDS = MARK.clause | MARK.line | MARK.stop | MARK.other

function otherCompany({ context: { otherCompanies, contact } }: Case, parts: readonly Part[]): 'subject' | 'body' | undefined {
  if (otherCompanies === undefined) return undefined
  const own = plainName(contact?.companyName ?? '')
  for (const company of otherCompanies) {
    const name = plainName(company)
    if (name.length < 3 || name === own || own.includes(name)) continue
    const part = parts.find(({ text }) => names(plainName(text), name))
    if (part !== undefined) return part.name
  }
  return undefined
}

/** Whether a text holds a name as whole words. */
function names(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (!isWordUnit(text.charAt(at - 1)) && !isWordUnit(text.charAt(at + name.length))) return true
  }
  return false
}

function isWordUnit(char: string): boolean {
  return char !== '' && /[\p{L}\p{N}]/u.test(char)
}
