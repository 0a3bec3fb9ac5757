import type { Findings } from '../findings.js'
import { checkAiGiveaway } from './ai-giveaway.js'
import type { Case, Check } from './case.js'
import { checkEmpty } from './empty.js'
import { checkHiddenText } from './hidden-text.js'
import { checkImageOnly } from './image-only.js'
import { checkMergeTag } from './merge-tag.js'
import { checkPlaceholder } from './placeholder.js'
import { checkSpam } from './spam.js'
import { checkDeceptiveSubject } from './subject/deceptive.js'
import { checkDeceptivePrefix } from './subject/deceptive-prefix.js'
import { checkSubjectForm } from './subject/form.js'
import { checkTruncated } from './truncated.js'
import { checkLinks } from './url/check-links.js'
import { checkWrongRecipient } from './wrong-recipient.js'

/** What a message says: not empty, finished, for its recipient, honest in subject and links, no spam. */
export function checkContent(about: Case, found: Findings): void {
  for (const check of EVERY_MESSAGE) check(about, found)
  if (about.message.channel === 'email') for (const check of EMAIL) check(about, found)
  checkSpam(about, found)
}

/** Add a rule: a file with a function of this shape, named here, and its data in rules.ts. */
const EVERY_MESSAGE: readonly Check[] = [
  checkEmpty,
  checkMergeTag,
  checkPlaceholder,
  checkAiGiveaway,
  checkTruncated,
  checkWrongRecipient,
  checkHiddenText,
  checkImageOnly,
  checkLinks,
]

const EMAIL: readonly Check[] = [checkSubjectForm, checkDeceptiveSubject, checkDeceptivePrefix]
