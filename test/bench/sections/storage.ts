import { createBench, executed } from '../fixture.js'
import { crowd, type Measured, measure } from '../measure.js'
import type { Row, Target } from '../report.js'
import { ENGINES, type OpenEngine } from './storage-engines.js'
import { actionOn, admissionOn, peerAdmissionOn } from './storage-work.js'

const CALLERS = [1, 16, 64] as const
const ROUNDS = 5

/** What the rate of admissions has to be beside the peer's, and of an action's two commits, at the most callers. */
const TARGETS: Readonly<Record<string, { readonly admission?: Target; readonly action?: Target }>> = {
  file: { action: { perSecondAtLeast: 15_000 } },
  sqlite: { admission: { timesPeerRate: 20 } },
  redis: { admission: { timesPeerRate: 1.5 } },
  postgres: { admission: { timesPeerRate: 5 } },
}

/**
 * Every engine with 1, 16 and 64 callers: four windows reserved in one commit beside rate-limiter-flexible's four on the same
 * server, the two commits of one action, and the action itself, gate included.
 */
export async function storage(only: readonly string[] = []): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const [name, engine] of Object.entries(ENGINES)) {
    if (only.length > 0 && !only.includes(name)) continue
    const opened = await engine.open()
    try {
      for (const callers of CALLERS) rows.push(...(await rowsOf(name, opened, callers, engine.perRound)))
    } finally {
      await opened.close()
    }
  }
  return rows
}

async function rowsOf(name: string, { storage, peer }: OpenEngine, callers: number, perRound: number): Promise<Row[]> {
  const n = Math.ceil((perRound * Math.sqrt(callers)) / 8)
  const who = `${name}, ${callers} ${callers === 1 ? 'caller' : 'callers'}`
  const { admission, action } = (callers === CALLERS.at(-1) ? TARGETS[name] : undefined) ?? {}
  const ours = {
    admission: crowd(n, callers, admissionOn(storage)),
    action: crowd(n, callers, actionOn(storage)),
    execute: crowd(n, callers, executed(createBench(storage, 0, 'system'))),
  }
  const rest = (took: Measured<'action' | 'execute'>): Row[] => [
    { what: `${who}: both commits of an action`, rounds: took.action, ...(action !== undefined && { target: action }) },
    { what: `${who}: execute`, rounds: took.execute },
  ]
  const what = `${who}: four windows`
  if (peer === undefined) {
    const took = await measure(ours, ROUNDS)
    return [{ what, rounds: took.admission }, ...rest(took)]
  }
  const took = await measure({ ...ours, peer: crowd(n, callers, peerAdmissionOn(peer)) }, ROUNDS)
  const target = admission ?? { timesPeerRate: 1 }
  return [
    { what, rounds: took.admission, peer: { name: 'rate-limiter-flexible', rounds: took.peer }, target },
    { what: `${who}: four of rate-limiter-flexible`, rounds: took.peer },
    ...rest(took),
  ]
}
