import { because } from '../findings.js'
import { type Check, speak } from './case.js'
import { type Rendered, visibleSize } from './reading/html.js'

/** A preheader is at most this long; mail programs show about 100 characters of it. */
const PREHEADER = 150
/** Elsewhere less is enough: nobody needs it. */
const SMUGGLED = 20

/** How many characters of HTML are kept from the reader beyond what a preheader is; 0 for a usual mail. */
export function smuggled({ early, late, tricked, visible }: Rendered): number {
  let hidden = tricked
  // What is shown elsewhere, on wide or narrow screens, is not kept from anybody.
  for (const text of late) if (hidden < 1000 && !visible.includes(text.trim())) hidden += visibleSize(text)
  return (early > PREHEADER ? early - PREHEADER : 0) + (hidden >= SMUGGLED ? hidden : 0)
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
