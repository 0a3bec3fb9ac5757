import type { ReasonCode } from '../../core/reason.js'
import { because } from '../findings.js'
import { type Case, type Check, speak } from './case.js'
import { type Finding, scorePage } from './score-content.js'

/** The score of a message, told by the rules that make it up. */
export const checkSpam: Check = (about, found) => {
  const { score, verdict, findings } = scorePage(about.page, about.policy)
  if (findings.length === 0) return
  for (const [rule, code] of ALONE) {
    const mine = findings.filter((finding) => finding.rule === rule)
    if (mine.length === 0) continue
    speak(
      found,
      about,
      'block',
      because(code, `${WHY[rule]}: ${named(mine)}. ${mine[0]?.mend}`, { findings: told(mine) }, { rule }),
    )
  }
  if (findings.some(({ rule }) => rule === 'content.shouting')) {
    speak(
      found,
      about,
      'warn',
      because('content.spam', 'It is written in capitals. Write in sentence case.', {}, { rule: 'content.shouting' }),
    )
  }
  if (verdict === 'allow') return
  const worst = findings
    .filter(({ rule }) => !ALONE.has(rule))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 8)
  if (worst.length === 0) return
  speak(found, about, verdict, tooMany(about, score, verdict, worst))
}

function tooMany({ policy }: Case, score: number, verdict: 'warn' | 'block', worst: readonly Finding[]) {
  const { warnAt, blockAt } = policy.content
  const limit = verdict === 'block' ? blockAt : warnAt
  return because(
    'content.spam',
    `It reads like spam: ${score} points, ${limit} is too many. Change ${named(worst)}.`,
    { score, warnAt, blockAt, findings: told(worst) },
    { rule: 'content.spam-phrase' },
  )
}

/** Findings that block by themselves, and the code they are told by. */
const ALONE: ReadonlyMap<string, ReasonCode> = new Map([
  ['content.obfuscation', 'content.obfuscation'],
  ['content.advance-fee', 'content.spam'],
  ['content.phishing', 'content.spam'],
])

const WHY: Readonly<Record<string, string>> = {
  'content.obfuscation': 'Words are disguised',
  'content.advance-fee': 'It tells the story of an advance-fee fraud',
  'content.phishing': 'It looks like phishing',
}

function named(findings: readonly Finding[]): string {
  return findings.map(({ rule, text }) => (text === undefined ? rule : `"${text}"`)).join(', ')
}

function told(findings: readonly Finding[]) {
  return findings.map(({ rule, weight, part, text, span }) => ({
    rule,
    weight,
    part,
    ...(text === undefined ? {} : { text }),
    ...(span === undefined ? {} : { span: [...span] }),
  }))
}
