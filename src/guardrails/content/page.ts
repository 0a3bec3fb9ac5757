import type { Message } from '../../core/message.js'
import type { GuardrailPolicy } from '../policy.js'
import { canonicalText } from './canonical.js'
import { type Link, type Rendered, renderHtml } from './html.js'
import { linksIn } from './links.js'
import { type Hit, type PhraseBook, phraseBook } from './phrase-book.js'
import { PHRASES } from './phrases.js'
import { type Words, wordsOf } from './words.js'

/** Words and the phrases that stand in them. */
export interface Reading {
  readonly words: Words
  readonly hits: readonly Hit[]
}

/** One text of a message in canonical form; `open` is how it reads as it came (the same where nothing was changed). */
export interface Part extends Reading {
  readonly name: 'subject' | 'body'
  readonly raw: string
  readonly open: Reading
}

/** A message read once; every rule looks at this. */
export interface Page {
  /** False when there is nothing that could be read: too long, or filled by GHL from a template. */
  readonly readable: boolean
  readonly tooLong: boolean
  readonly opaque: boolean
  readonly subject: Part
  /** What the recipient sees: the HTML as rendered, else the text. */
  readonly body: Part
  /** The plain text beside the HTML, where there are both. */
  readonly alternative: Part | undefined
  readonly html: Rendered | undefined
  /** Links of the body, written out or behind a text. */
  readonly links: readonly Link[]
  readonly book: PhraseBook
}

/** Reads a message. Linear in its length; what is longer than the policy reads is not read at all. */
export function readPage(message: Message, policy: GuardrailPolicy): Page {
  const { subject = '', text = '', html = '' } = message
  const book = bookOf(policy.content)
  const tooLong = subject.length + text.length + html.length > policy.content.maxLength
  const opaque = message.templateId !== undefined && text.trim() === '' && html.trim() === ''
  if (tooLong || opaque) return { ...unread(book), subject: partOf('subject', tooLong ? '' : subject, book), tooLong, opaque }

  const rendered = html.trim() === '' ? undefined : renderHtml(html)
  const body = partOf('body', rendered?.visible ?? text, book)
  return {
    readable: true,
    tooLong,
    opaque,
    subject: partOf('subject', subject, book),
    body,
    alternative: rendered !== undefined && text !== '' ? partOf('body', text, book) : undefined,
    html: rendered,
    links: rendered === undefined ? linksIn(text) : [...rendered.links, ...linksIn(rendered.visible)],
    book,
  }
}

function unread(book: PhraseBook): Page {
  const nothing = partOf('body', '', book)
  return {
    readable: false,
    tooLong: false,
    opaque: false,
    subject: nothing,
    body: nothing,
    alternative: undefined,
    html: undefined,
    links: [],
    book,
  }
}

function partOf(name: Part['name'], raw: string, book: PhraseBook): Part {
  const text = canonicalText(raw)
  const reading = read(text, book)
  return { name, raw, ...reading, open: text === raw ? reading : read(raw, book) }
}

function read(text: string, book: PhraseBook): Reading {
  const words = wordsOf(text)
  return { words, hits: book.find(words) }
}

const books = new WeakMap<object, PhraseBook>()

function bookOf(content: GuardrailPolicy['content']): PhraseBook {
  let book = books.get(content)
  if (book === undefined) {
    book = phraseBook([
      ...PHRASES,
      ...content.phrases.map(({ phrase, weight }) => ({ text: phrase, weight, kind: 'sales' as const })),
    ])
    books.set(content, book)
  }
  return book
}
