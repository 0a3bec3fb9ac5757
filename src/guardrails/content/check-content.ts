import type { Message } from '../../core/message.js'
import { because, deny, type Findings, hold, report, warn } from '../findings.js'
import type { GuardrailPolicy } from '../policy.js'
import { linkFaults } from './check-links.js'
import { subjectFaults } from './check-subject.js'
import { findMergeTag } from './merge-tags.js'
import { optOutWords } from './opt-out.js'
import type { Page } from './page.js'
import { scorePage } from './score-content.js'
import { urlTricks } from './url-tricks.js'

/** What a message says: readable, not empty, finished, honest in subject and links, not spam. */
export function checkContent(message: Message, page: Page, policy: GuardrailPolicy, found: Findings): void {
  const { content } = policy
  if (page.tooLong) {
    deny(
      found,
      because('content.too_large', `The message is longer than ${content.maxLength} characters, so it is not read. Shorten it.`, {
        max: content.maxLength,
      }),
    )
    return
  }
  if (page.opaque || message.templateId !== undefined) {
    hold(
      found,
      because(
        'content.opaque',
        'GHL fills this message from a template, so what is sent cannot be read here. A human has to approve it, or pass the text itself.',
      ),
    )
  } else {
    checkEmpty(message, page, content.minWords, found)
  }
  const tag = findMergeTag(page)
  if (tag !== undefined) {
    deny(
      found,
      because('content.merge_tag', `A template tag was not filled in (${tag}). Fill it before sending; GHL does not.`, {
        form: tag,
      }),
    )
  }
  if (message.channel === 'email')
    for (const fault of subjectFaults(page, content.maxSubject)) report(found, content.subject, fault)
  for (const fault of linkFaults(page)) report(found, content.links, fault)
  for (const trick of urlTricks(page)) deny(found, trick)
  checkSpam(page, policy, found)
}

function checkEmpty({ channel, subject }: Message, { body }: Page, minWords: number, found: Findings): void {
  if (channel === 'email' && (subject ?? '').trim() === '') {
    deny(found, because('content.empty', 'The e-mail has no subject. Give it one.', { part: 'subject' }))
  }
  const needed = channel === 'email' ? minWords : 1
  const said = body.words.starts.length
  if (said < needed || (channel === 'email' && said - optOutWords(body) < needed)) {
    deny(
      found,
      because('content.empty', `The message says fewer than ${needed} word(s) beside its opt-out. Write something.`, {
        part: 'body',
        words: said,
        min: needed,
      }),
    )
  }
}

function checkSpam(page: Page, policy: GuardrailPolicy, found: Findings): void {
  const { score, verdict, findings } = scorePage(page, policy)
  if (verdict === 'allow') return
  const { warnAt, blockAt } = policy.content
  const worst = [...findings].sort((a, b) => b.weight - a.weight).slice(0, 8)
  const named = worst.map(({ rule, text }) => (text === undefined ? rule : `"${text}"`)).join(', ')
  const limit = verdict === 'block' ? blockAt : warnAt
  const why = because('content.spam', `It reads like spam: ${score} points, ${limit} is too many. Change ${named}.`, {
    score,
    warnAt,
    blockAt,
    findings: worst.map(({ rule, weight, text }) => ({ rule, weight, ...(text === undefined ? {} : { text }) })),
  })
  if (verdict === 'block') deny(found, why)
  else warn(found, why)
}
