import {
  type ApprovalAnswer,
  type Gateway,
  isApprovalPending,
  isGatewayBlocked,
  isOutcomeUnknown,
  type Outcome,
  type OutcomeStatus,
  type ReasonCode,
} from 'sendwarden'
import { clockTime } from './office.js'

/** How an attempt may end: with one of these outcomes, or refused for this reason. */
export type Ending = Exclude<OutcomeStatus, 'blocked'> | ReasonCode

/** What became of one attempt. */
export interface Told<T = unknown> {
  readonly ending: Ending
  /** As the table has it: `refused at limits: email.min_delay`. */
  readonly happened: string
  /** The reason's first sentence, and when it may be tried again. */
  readonly why: string
  readonly retryAt?: number
  readonly approvalId: string
  /** What the client got back. */
  readonly value?: T
}

/** Tells the story, keeps the table, and stops as soon as something does not end as told. */
export interface Narrator {
  listenTo(gateway: Gateway): void
  chapter(title: string, sentence: string): void
  /** Tells what somebody did besides. */
  done(who: string, what: string, why: string): void
  /** Makes one attempt and prints what came of it. Throws `StoryError` when that is none of the endings. */
  attempt<T>(who: string, what: string, endings: Ending | readonly Ending[], act: () => Promise<T>): Promise<Told<T>>
  /** Many attempts of one kind, all of which have to be executed, told in one line. */
  many(who: string, what: string, acts: readonly (() => Promise<unknown>)[], how?: 'together'): Promise<void>
  /** An operator's decision that has to be refused. */
  refused(who: string, what: string, code: ReasonCode, answer: Promise<ApprovalAnswer>): Promise<void>
  /** Prints all that was tried, what happened and why. */
  table(): void
  /** Ids of the actions that changed something, or may have. */
  readonly changed: ReadonlySet<string>
  /** What the gateway complained of. */
  readonly faults: readonly unknown[]
}

export class StoryError extends Error {}

/** Throws unless the story holds. */
export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new StoryError(otherwise)
}

interface Row {
  readonly tried: string
  readonly happened: string
  readonly why: string
  times: number
}

export function createNarrator(now: () => number, write: (line: string) => void): Narrator {
  const rows = new Map<string, Row>()
  const changed = new Set<string>()
  const faults: unknown[] = []
  let last: Outcome | undefined
  let executed = 0
  let chapters = 0

  function record(who: string, what: string, { happened, why }: Pick<Told, 'happened' | 'why'>, times = 1): void {
    const tried = `${who} ${what}`
    const key = `${tried}|${happened}|${why}`
    const row = rows.get(key) ?? { tried, happened, why, times: 0 }
    row.times += times
    rows.set(key, row)
  }

  function print(at: number, who: string, what: string, happened: string, why = ''): void {
    write(
      `   ${paint('dim', clockTime(at))}  ${who.padEnd(8)} ${what.padEnd(38)} ${paint('dim', '->')} ${happened}${why && `: ${why}`}`,
    )
  }

  async function observe<T>(act: () => Promise<T>): Promise<Told<T>> {
    last = undefined
    try {
      const value = await act()
      return { ...tell(last), value }
    } catch (error) {
      if (isGatewayBlocked(error) || isApprovalPending(error) || isOutcomeUnknown(error)) return tell(error.outcome)
      return tell(last, String(error))
    }
  }

  return {
    changed,
    faults,
    done(who, what, why) {
      print(now(), who, what, paint('green', 'done'), why)
      record(who, what, { happened: 'executed', why })
    },
    listenTo(gateway) {
      gateway.on('outcome', (outcome) => {
        last = outcome
        if (outcome.status === 'executed') executed++
        const { status, action, actionId } = outcome
        if ((status === 'executed' || status === 'unknown') && action !== 'read_contact') changed.add(actionId)
      })
      gateway.on('fault', (error) => faults.push(error))
    },
    chapter(title, sentence) {
      chapters++
      write(`\n${paint('bold', `${chapters}. ${title}.`)} ${sentence}`)
    },
    async attempt(who, what, endings, act) {
      const at = now()
      const found = await observe(act)
      print(at, who, what, paint(colourOf(found), wordOf(found)), found.why)
      expect([endings].flat().includes(found.ending), `${who} ${what}: it was to end with ${endings}, not ${found.ending}`)
      record(who, what, found)
      return found
    },
    async many(who, what, acts, how) {
      const from = now()
      const before = executed
      if (how === 'together') await Promise.all(acts.map((act) => act()))
      else
        for (const act of acts) {
          const { ending, why } = await observe(act)
          expect(ending === 'executed', `${who} ${what}: ${ending}: ${why}`)
        }
      expect(executed - before === acts.length, `${who} ${what}: ${acts.length} were to be done, ${executed - before} were`)
      const until = now() === from ? '' : `, until ${clockTime(now())}`
      print(from, who, what, paint('green', `done ${acts.length} times${until}`))
      record(who, what, { happened: 'executed', why: '' }, acts.length)
    },
    async refused(who, what, code, answer) {
      const given = await answer
      expect('refused' in given && given.refused.code === code, `${who} ${what}: it was to be refused with ${code}`)
      const why = firstSentence(given.refused.message)
      print(now(), who, what, paint('red', `refused (${code})`), why)
      record(who, what, { happened: `refused: ${code}`, why })
    },
    table() {
      const all = [...rows.values()]
      const widthOf = (pick: (row: Row) => string) => Math.max(...all.map((row) => pick(row).length))
      const tried = widthOf((row) => row.tried)
      const happened = widthOf((row) => row.happened)
      const room = process.stdout.columns ?? Number.POSITIVE_INFINITY
      const line = (row: Omit<Row, 'times'>, times: string) => {
        const text = `   ${row.tried.padEnd(tried)}  ${times.padStart(5)}  ${row.happened.padEnd(happened)}  ${row.why}`.trimEnd()
        write(text.length > room ? `${text.slice(0, room - 1)}…` : text)
      }
      line({ tried: 'tried', happened: 'what happened', why: 'why' }, 'times')
      for (const row of all) line(row, String(row.times))
    },
  }
}

/** An outcome in words. `fault` is what a client threw without the gateway knowing of it. */
function tell(outcome: Outcome | undefined, fault = 'the gateway was not asked'): Told<never> {
  const told = { why: '', approvalId: '' }
  switch (outcome?.status) {
    case undefined:
      return { ...told, ending: 'failed', happened: 'failed', why: firstSentence(fault) }
    case 'blocked': {
      const { reasons, stage, retryAt } = outcome
      const { code, message } = reasons[0]
      const when = retryAt === undefined ? '' : ` Again from ${clockTime(retryAt)}.`
      const why = `${firstSentence(message)}${when}`
      return { ...told, ending: code, happened: `refused at ${stage}: ${code}`, why, ...(retryAt !== undefined && { retryAt }) }
    }
    case 'pending_approval': {
      const why = firstSentence(outcome.reasons[0]?.message ?? '')
      return { ...told, ending: outcome.status, happened: 'held for a human', why, approvalId: outcome.approvalId }
    }
    case 'failed':
    case 'unknown':
      return { ...told, ending: outcome.status, happened: outcome.status, why: firstSentence(outcome.error.message) }
    case 'executed':
    case 'shadowed':
      return { ...told, ending: outcome.status, happened: outcome.status }
  }
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text
}

function wordOf({ ending, happened }: Told): string {
  if (ending === 'executed') return 'done'
  return happened.startsWith('refused') ? `refused (${ending})` : happened
}

function colourOf({ ending, happened }: Told): keyof typeof COLOURS {
  return ending === 'executed' ? 'green' : happened.startsWith('refused') ? 'red' : 'yellow'
}

const COLOURS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const

/** Colours only where a person reads. */
function paint(colour: keyof typeof COLOURS, text: string): string {
  return process.stdout.isTTY ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text
}
