import type { Channel } from '../../../core/contact.js'
import type { Message } from '../../../core/message.js'
import { unitAt } from '../../../core/unit-at.js'
import type { GuardrailPolicy } from '../../policy.js'
import { PHRASES } from '../phrases/all.js'
import { canonicalText, withoutLigatures } from './canonical.js'
import { MARK } from './chars.js'
import { type Link, type Rendered, renderHtml } from './html.js'
import { linksIn } from './links.js'
import { type Hit, type Phrase, type PhraseBook, phraseBook } from './phrase-book.js'
import { isPlain, type Words, wordsOf } from './words.js'

/** Words and the phrases that stand in them. */
export interface Reading {
  readonly words: Words
  readonly hits: readonly Hit[]
}

/** One text of a message as it came, and in canonical form (the same where there is nothing to normalise). */
export interface Part extends Reading {
  readonly name: 'subject' | 'body'
  readonly text: string
  readonly canonical: Reading
}

/** A message read once; every rule looks at this. */
export interface Page {
  readonly channel: Channel
  readonly subject: Part
  /** What the recipient sees: the HTML as rendered, else the text. */
  readonly body: Part
  /** The plain text beside the HTML, where there are both. */
  readonly alternative: Part | undefined
  readonly html: Rendered | undefined
  /** Links of the body, written out or behind a text; those of the alternative are left to it. */
  readonly links: readonly Link[]
  readonly book: PhraseBook
}

/** Why a message cannot be read: it is too long, or GHL fills it from a template. */
export type Unreadable = 'too-large' | 'opaque'

/** All that is read of a message. */
interface Texts {
  readonly channel: Channel
  readonly subject?: string | undefined
  readonly text?: string | undefined
  readonly html?: string | undefined
  readonly templateId?: string | undefined
}

/** What was read last: it is often read again at once, by `execute` after `check` or for the next of many recipients. */
let last: { readonly texts: Texts; readonly policy: GuardrailPolicy; readonly page: Page | Unreadable } | undefined

/** Reads a message, in time linear in its length. What is longer than the policy reads is not read at all. */
export function readPage(message: Message, policy: GuardrailPolicy): Page | Unreadable {
  if (last !== undefined && last.policy === policy && isSame(last.texts, message)) return last.page
  // Not the message itself: its owner may change it.
  const { channel, subject, text, html, templateId } = message
  const texts = { channel, subject, text, html, templateId }
  last = { texts, policy, page: readAnew(texts, policy) }
  return last.page
}

function isSame(one: Texts, other: Texts): boolean {
  return (
    one.html === other.html &&
    one.text === other.text &&
    one.subject === other.subject &&
    one.channel === other.channel &&
    one.templateId === other.templateId
  )
}

function readAnew(message: Texts, policy: GuardrailPolicy): Page | Unreadable {
  const { subject = '', text = '', html = '' } = message
  const { maxLength, maxHtml } = policy.content
  if (subject.length + text.length + html.length > maxLength || html.length > maxHtml) return 'too-large'
  const shown = !isBlank(html)
  if (message.templateId !== undefined && !shown && isBlank(text)) return 'opaque'

  const book = bookOf(policy)
  const rendered = shown ? renderHtml(html) : undefined
  const body = partOf('body', rendered?.visible ?? text, book)
  return {
    channel: message.channel,
    subject: partOf('subject', subject, book),
    body,
    alternative: rendered !== undefined && text !== '' ? partOf('body', text, book) : undefined,
    html: rendered,
    links: linksOf(rendered, body),
    book,
  }
}

/** Those behind a text, and those written out: where there is no slash, `@` or `www`, there are none. */
function linksOf(rendered: Rendered | undefined, { text, words: { all } }: Part): readonly Link[] {
  const written = (all & (MARK.slash | MARK.at)) !== 0 || text.includes('www.') ? linksIn(text) : []
  if (rendered === undefined) return written
  return written.length === 0 ? rendered.links : [...rendered.links, ...written]
}

function isBlank(text: string): boolean {
  // The first character tells nearly always.
  return text === '' || (unitAt(text, 0) <= 32 && text.trim() === '')
}

function partOf(name: Part['name'], text: string, book: PhraseBook): Part {
  const reading = read(text, book)
  if (isPlain(reading.words)) return { name, text, ...reading, canonical: reading }
  const open = withoutLigatures(text)
  const form = canonicalText(open)
  const plain = open === text ? reading : read(open, book)
  return { name, text, ...plain, canonical: form === open ? plain : read(form, book) }
}

function read(text: string, book: PhraseBook): Reading {
  const words = wordsOf(text)
  return { words, hits: book.find(words) }
}

const books = new WeakMap<GuardrailPolicy, PhraseBook>()

function bookOf(policy: GuardrailPolicy): PhraseBook {
  let book = books.get(policy)
  if (book === undefined) {
    const own = policy.content.phrases.map(({ phrase, weight }): Phrase => ({ text: phrase, weight, kind: 'sales' }))
    book = phraseBook([...PHRASES, ...own])
    books.set(policy, book)
  }
  return book
}
