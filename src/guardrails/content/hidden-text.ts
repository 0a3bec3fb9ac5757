import { because } from '../findings.js'
import { type Check, speak } from './case.js'
import type { Rendered } from './reading/html.js'

/** A preheader is at most this long; mail programs show about 100 characters of it. */
const PREHEADER = 150
/** By tricks (size 0, colour of the paper, off the screen) less is enough: nobody needs them. */
const TRICKED = 20

/** How many characters of HTML are kept from the reader beyond what a preheader is; 0 for a usual mail. */
export function smuggled({ early, late, tricked }: Rendered): number {
  return (early > PREHEADER ? early - PREHEADER : 0) + (late > PREHEADER ? late : 0) + (tricked >= TRICKED ? tricked : 0)
}

export const checkHiddenText: Check = (about, found) => {
  const { html } = about.page
  if (html === undefined) return
  const characters = smuggled(html)
  if (characters === 0) return
  speak(
    found,
    about,
    'block',
    because(
      'content.hidden_text',
      `${characters} characters are kept from the reader. Show them or leave them out; only a preheader of up to ${PREHEADER} at the top is usual.`,
      { characters, max: PREHEADER },
      { rule: 'content.hidden-text' },
    ),
  )
}
