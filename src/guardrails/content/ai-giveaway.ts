import { because } from '../findings.js'
import { type Case, type Check, spanOf, speak } from './case.js'
import { MARK } from './reading/chars.js'
import type { Part } from './reading/page.js'
import { beginsLine } from './reading/words.js'

/** What a language model wrote around its text: who it is, a preamble, a postscript, markup, its own frame. */
export const checkAiGiveaway: Check = (about, found) => {
  const sign = findSign(about)
  if (sign === undefined) return
  const { what, part, span } = sign
  speak(
    found,
    about,
    'block',
    because(
      'content.unfinished',
      `It shows that a language model wrote it (${what}). Send its text only, without what it says about it.`,
      { what, part, ...(span === undefined ? {} : { span: [...span] }) },
      { rule: 'content.ai-giveaway' },
    ),
  )
}

interface Sign {
  readonly what: string
  readonly part: string
  readonly span?: readonly [start: number, end: number]
}

function findSign({ page: { subject, body, alternative, html } }: Case): Sign | undefined {
  for (const part of [subject, body, alternative]) {
    const found = part === undefined ? undefined : (phraseIn(part) ?? preambleOf(part) ?? frameIn(part) ?? markupIn(part))
    if (found !== undefined) return found
  }
  return html?.thoughts === true ? { what: 'its thoughts', part: 'body' } : undefined
}

function phraseIn({ words, hits, name }: Part): Sign | undefined {
  for (const { phrase, from, to } of hits) {
    if (phrase.kind === 'assistant') return { what: `"${phrase.text}"`, part: name, span: spanOf(words, from, to) }
  }
  return undefined
}

/** "Certainly! Here's …:", "Sure, here is a revised version:" as the first line. */
function preambleOf({ text, name }: Part): Sign | undefined {
  if (name !== 'body') return undefined
  const match = PREAMBLE.exec(text.length > 400 ? text.slice(0, 400) : text)
  return match === null ? undefined : { what: 'a preamble', part: name, span: [match.index, match.index + match[0].length] }
}

const PREAMBLE =
  /^\s{0,20}(?:(?:certainly|sure(?: thing)?|of course|absolutely|great|okay|ok|got it|understood|no problem|(?:i(?:'d|’d| would) be )?(?:happy|glad) to(?: help| assist)?|gladly|definitely|perfect)[!,.]{0,2}[ \t]{0,3}(?:(?:here|below|this)(?:'s|’s| is| are|'re)?\b[^\n]{0,160}(?::|\b(?:e-?mail|message|draft|version|copy|text|sms|reply|response|template|subject)s?\b[^\n]{0,40})\s{0,4}(?:\n|$)|i(?:'ve|’ve| have|'ll|’ll| can) (?:written|drafted|created|revised|rewritten|prepared|help|draft|write)\b)|(?:here(?:'s|’s| is| are)|below is|this is) (?:an?|the|your|my|some|one|two|three|\d)[^\n]{0,120}\b(?:e-?mail|message|draft|version|rewrite|sms|template|options?|variations?)\b[^\n]{0,80}:\s{0,4}(?:\n|$))/i

const MARKUP = MARK.star | MARK.hash | MARK.backtick | MARK.brace | MARK.angle | MARK.bracket | MARK.underscore

function markupIn({ text, words, name }: Part): Sign | undefined {
  if (name === 'subject') return undefined
  const { all } = words
  if ((all & MARKUP) !== 0) {
    for (const { what, sign, pattern } of MARKUPS) {
      const match = text.includes(sign) ? pattern.exec(text) : null
      if (match !== null) return { what, part: name, span: [match.index, match.index + match[0].length] }
    }
  }
  return undefined
}

/** "Subject: …" or "Assistant: …" at the start of a line. */
function frameIn({ text, words, hits, name }: Part): Sign | undefined {
  if (name === 'subject') return undefined
  for (const { phrase, from, to } of hits) {
    if (phrase.kind !== 'frame' || phrase.family === 'cut' || !beginsLine(words, from)) continue
    if (!/^[*_]{0,2}[ \t]?:/.test(text.slice(words.ends[to], (words.ends[to] ?? 0) + 4))) continue
    if (phrase.family === 'subject' && isForwarded(text, words.starts[from] ?? 0)) continue
    return {
      what: phrase.family === 'subject' ? 'a subject line in the text' : 'a turn of a chat',
      part: name,
      span: spanOf(words, from, to),
    }
  }
  return undefined
}

const MARKUPS: readonly { readonly what: string; readonly sign: string; readonly pattern: RegExp }[] = [
  { what: 'a code fence', sign: '```', pattern: /```/ },
  { what: 'markdown', sign: '**', pattern: /\*\*[^\s*][^*\n]{0,80}\*\*/ },
  { what: 'a markdown heading', sign: '# ', pattern: /(?:^|\n)#{1,6} \S/ },
  { what: 'a markdown link', sign: '](', pattern: /\[[^\]\n]{1,80}\]\((?:https?:\/\/|mailto:|#|\/)/ },
  { what: 'JSON', sign: '{', pattern: /^\s{0,20}\[?\s{0,20}\{\s{0,20}"[\w -]{1,40}"\s{0,4}:/ },
  {
    what: 'its thoughts',
    sign: '<',
    pattern: /<\/?(?:think|thinking|thought|reasoning|answer|scratchpad|email|response|output)>/i,
  },
  { what: 'a control token', sign: '<|', pattern: /<\|[a-z_]{2,30}\|>/i },
  { what: 'a control token', sign: '[', pattern: /\[\/?INST\]|\[\/?SYS\]/ },
]

/** Mail programs put From:, Sent: and Subject: above a quoted mail. */
function isForwarded(text: string, at: number): boolean {
  return /(?:^|\n)[ \t>*]{0,6}(?:from|sent|date|to|von|gesendet)[*]{0,2}:/i.test(text.slice(Math.max(0, at - 400), at + 400))
}
