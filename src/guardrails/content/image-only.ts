import { because } from '../findings.js'
import { type Check, speak } from './case.js'
import { bodyEnd } from './footer.js'

/** Pictures instead of text: filters cannot read them, and many readers never see them. */
export const checkImageOnly: Check = (about, found) => {
  const { html, body } = about.page
  if (html === undefined || html.images === 0) return
  const words = body.words.starts.length > 80 ? 80 : bodyEnd(body)
  const needed = html.linkedImages > 0 ? 10 : 4
  if (words >= needed) return
  speak(
    found,
    about,
    'block',
    because(
      'content.empty',
      `It says ${words} word(s) beside ${html.images} picture(s). Write at least ${needed} words of text.`,
      { words, min: needed, images: html.images },
      { rule: 'content.image-only' },
    ),
  )
}
