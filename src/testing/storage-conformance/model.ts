import type { Op } from '../../core/storage-ops.js'
import { memoryStorage } from '../../storage/memory.js'
import type { Storage } from '../../storage/storage.js'
import { type Draft, randomHistory, type Step } from './histories.js'
import { show, type Trial } from './trial.js'

type OnFresh = (work: (trial: Trial) => Promise<void>) => () => Promise<void>

/** Times that two engines take from real clocks may differ by this much. */
const REAL_TIME_TOLERANCE_MS = 30_000
/** Tries at making a failing history shorter. */
const SHORTENINGS = 60

/** Runs random histories on the engine and on the memory engine, side by side. A failure shows the shortest history found. */
export async function modelCase(onFresh: OnFresh, histories: number, firstSeed: number): Promise<void> {
  for (let seed = firstSeed; seed < firstSeed + histories; seed++) {
    let steps: readonly Step[] = []
    const difference = await differenceOf(onFresh, (trial) => {
      steps = randomHistory(seed, trial.exact)
      return steps
    })
    if (difference === undefined) continue
    const shortest = await shorten(onFresh, steps, difference)
    throw new Error(
      `History ${seed} differs from the memory engine. ${shortest.difference}\nThe history: ${show(shortest.steps)}`,
    )
  }
}

async function shorten(onFresh: OnFresh, steps: readonly Step[], difference: string) {
  let shortest = { steps, difference }
  for (let tries = 0, at = 0; tries < SHORTENINGS && at < shortest.steps.length; tries++) {
    const fewer = shortest.steps.toSpliced(at, 1)
    const still = await differenceOf(onFresh, () => fewer)
    if (still === undefined) at++
    else shortest = { steps: fewer, difference: still }
  }
  return shortest
}

async function differenceOf(onFresh: OnFresh, history: (trial: Trial) => readonly Step[]): Promise<string | undefined> {
  let difference: string | undefined
  await onFresh(async (trial) => {
    let time = await trial.storage().now()
    const model = memoryStorage({ clock: { now: () => time } })
    await model.open()
    for (const [index, step] of history(trial).entries()) {
      if ('advance' in step) trial.advance(step.advance)
      else if ('restart' in step) await trial.reopen()
      time = await trial.storage().now()
      difference = await compare(trial, model, step, time)
      if (difference !== undefined) {
        difference = `Step ${index + 1}: ${difference}`
        return
      }
    }
  })()
  return difference
}

async function compare(trial: Trial, model: Storage, step: Step, now: number): Promise<string | undefined> {
  const tolerance = trial.exact ? 0 : REAL_TIME_TOLERANCE_MS
  if ('batches' in step) {
    const expected = await run(model, step.batches, now, trial.exact)
    const found = await run(trial.storage(), step.batches, now, trial.exact)
    if (!alike(found, expected, tolerance)) return `the batches were answered ${show(found)}, expected ${show(expected)}`
  }
  for (const range of [{ limit: 100 }, { limit: 3, reverse: true }, { limit: 3, after: 'q/~10' }]) {
    const [expected, found] = await Promise.all([model.scan('', range), trial.storage().scan('', range)])
    if (!alike(found, expected, tolerance))
      return `scan('', ${JSON.stringify(range)}) gave ${show(found)}, expected ${show(expected)}`
  }
  return undefined
}

async function run(storage: Storage, batches: readonly (readonly Draft[])[], now: number, exact: boolean): Promise<unknown> {
  const versions = new Map((await storage.scan('', { limit: 100 })).map((entry) => [entry.key, entry.version]))
  return storage.commit(batches.map((batch) => batch.map((draft) => toOp(draft, versions, now, exact))))
}

/** One and the same array each time, frozen, as windows hand theirs in: an engine may remember what it found under it. */
const PLUS: NonNullable<Extract<Op, { op: 'add' }>['plus']> = Object.freeze([
  ['q/~1', 1],
  ['q/~2', 1],
  ['q/~3', 2],
] as const)

function toOp(draft: Draft, versions: ReadonlyMap<string, string>, now: number, exact: boolean): Op {
  const { key, number } = draft
  const expected = draft.expect === 'absent' ? null : draft.expect === 'stale' ? 'stale' : (versions.get(key) ?? null)
  const guard = draft.expect === 'any' ? {} : { version: expected }
  const expiry = draft.ttl === undefined ? {} : { expiresAt: now + draft.ttl }
  switch (draft.kind) {
    case 'check':
      return { op: 'check', key, version: expected }
    case 'put':
      return { op: 'put', key, value: { n: number }, ...guard, ...expiry }
    case 'del':
      return draft.expect === 'any' || expected === null ? { op: 'del', key } : { op: 'del', key, version: expected }
    case 'add':
      return { op: 'add', key, by: number, ...(draft.max !== undefined && { max: draft.max, plus: PLUS }), ...expiry }
    case 'pace':
      // Where time stands still, short enough to become free; else so long that real time does not matter.
      return { op: 'pace', key, every: exact ? 20 : 3_600_000, burst: Math.max(1, number) }
  }
}

/** Equal but for versions, of which only the presence can be compared, and for times within the tolerance. */
function alike(found: unknown, expected: unknown, tolerance: number): boolean {
  if (typeof found === 'number' && typeof expected === 'number' && expected > 1e12) return Math.abs(found - expected) <= tolerance
  if (typeof found !== 'object' || typeof expected !== 'object' || found === null || expected === null) return found === expected
  if (Array.isArray(found) !== Array.isArray(expected)) return false
  const names = new Set([...Object.keys(found), ...Object.keys(expected)])
  return [...names].every((name) => {
    const [left, right] = [memberOf(found, name), memberOf(expected, name)]
    if (name === 'version') return typeof left === typeof right
    if (name === 'versions') return Array.isArray(left) && Array.isArray(right) && sameGaps(left, right)
    return alike(left, right, tolerance)
  })
}

function memberOf(value: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

function sameGaps(found: readonly unknown[], expected: readonly unknown[]): boolean {
  return found.length === expected.length && found.every((version, index) => (version === '') === (expected[index] === ''))
}
