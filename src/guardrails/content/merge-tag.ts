import { because } from '../findings.js'
import { type Check, speak } from './case.js'
import { lostValueIn } from './lost-values.js'
import { MARK } from './reading/chars.js'
import { decodeEntities } from './reading/entities.js'
import type { Rendered } from './reading/html.js'
import type { Page, Part } from './reading/page.js'
import { faultInLink, hasTagSign, isOddLink, tagIn } from './template-tags.js'

/** A template tag was not filled in: in what the reader sees, in hidden text, in a link, or as a gap where a value was. */
export const checkMergeTag: Check = (about, found) => {
  const tag = findTag(about.page)
  if (tag === undefined) return
  const { form, part, span } = tag
  speak(
    found,
    about,
    'block',
    because(
      'content.merge_tag',
      `A template tag was not filled in (${form}). Fill it before sending; GHL does not.`,
      { form, part, ...(span === undefined ? {} : { span: [...span] }) },
      { rule: 'content.merge-tag' },
    ),
  )
}

interface Tag {
  readonly form: string
  readonly part: 'subject' | 'body' | 'alternative' | 'hidden text' | 'attribute' | 'link'
  readonly span?: readonly [start: number, end: number]
}

function findTag({ subject, body, alternative, html, links }: Page): Tag | undefined {
  return (
    inPart(subject, 'subject') ??
    inPart(body, 'body') ??
    (alternative && inPart(alternative, 'alternative')) ??
    (html && besideText(html)) ??
    inLinks(links)
  )
}

const SIGNS =
  MARK.brace |
  MARK.bracket |
  MARK.angle |
  MARK.guillemet |
  MARK.percent |
  MARK.star |
  MARK.money |
  MARK.hash |
  MARK.at |
  MARK.underscore |
  MARK.hyphen |
  MARK.paren |
  MARK.other

function inPart(given: Part, part: Tag['part']): Tag | undefined {
  const { text, words, canonical } = given
  const tag =
    ((words.all & SIGNS) === 0 ? undefined : tagAsWritten(text, words.all)) ??
    // Braces of full width, and such with nothing visible between them.
    (canonical.words === words || (canonical.words.all & SIGNS) === 0 ? undefined : tagUndone(canonical.words.text)) ??
    lostValueIn(given)
  return tag === undefined ? undefined : { ...tag, part }
}

function tagAsWritten(text: string, marks: number): Omit<Tag, 'part'> | undefined {
  return (
    tagIn(text, marks) ??
    (text.includes('&#') || text.includes('&l') || text.includes('%7') ? tagUndone(decoded(text)) : undefined)
  )
}

/** A tag that shows only in another spelling of the text: where it stands in the text itself is not known. */
function tagUndone(text: string): { readonly form: string } | undefined {
  const tag = tagIn(text)
  return tag === undefined ? undefined : { form: tag.form }
}

/** Braces may have been encoded twice on their way. */
function decoded(text: string): string {
  return decodeEntities(text).replace(/%7b/gi, '{').replace(/%7d/gi, '}')
}

/** In what HTML hides, and says or shows in attributes: text for a picture, a title, where a picture comes from. */
function besideText({ hidden, attributes, sources }: Rendered): Tag | undefined {
  const unseen = hidden === '' ? undefined : tagIn(hidden)
  if (unseen !== undefined) return { ...unseen, part: 'hidden text' }
  const said = attributes.length === 0 ? '' : attributes.join('\n')
  const tag = said !== '' && hasTagSign(said) ? tagUndone(said) : undefined
  if (tag !== undefined) return { ...tag, part: 'attribute' }
  if (sources.length === 0 || !isOddLink(sources.join('\n'))) return undefined
  for (const source of sources) {
    const form = faultInLink(source)
    if (form !== undefined) return { form, part: 'attribute' }
  }
  return undefined
}

function inLinks(links: Page['links']): Tag | undefined {
  for (const { href } of links) {
    const form = faultInLink(href)
    if (form !== undefined) return { form, part: 'link' }
  }
  return undefined
}
