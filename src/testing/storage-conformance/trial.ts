import { isDeepStrictEqual } from 'node:util'
import { isStorageError } from '../../core/errors.js'
import type { Batch, BatchResult, Entry } from '../../core/storage-ops.js'
import type { Storage } from '../../storage/storage.js'
import type { ConformanceRule, StorageSubject } from '../storage-conformance.js'

/** One case: what an engine has to do, on an open storage of its own. */
export interface TrialCase {
  readonly rule: ConformanceRule
  readonly name: string
  run(trial: Trial): Promise<void>
}

/** An open storage, and time that can be made to pass. */
export interface Trial {
  storage(): Storage
  readonly canReopen: boolean
  /** Ends the storage as a restart would; from then on `storage()` is what was found again. */
  reopen(): Promise<void>
  /** Time stands still between calls unless it is made to pass. */
  readonly exact: boolean
  /** A time to live that is short, and long enough for the calls in between. */
  readonly shortMs: number
  /** Moves an exact clock on; real time passes by itself. */
  advance(ms: number): void
  /** Lets time pass until the engine's clock says so. */
  passUntil(time: number): Promise<void>
  end(): Promise<void>
}

const LONGEST_WAIT_MS = 20_000

export async function startTrial(subject: StorageSubject, clock: { advance(ms: number): unknown } | undefined): Promise<Trial> {
  let storage = subject.storage
  const end = () => (subject.dispose === undefined ? storage.close() : subject.dispose())
  try {
    await storage.open()
  } catch (error) {
    await end().catch(() => undefined)
    throw error
  }
  return {
    storage: () => storage,
    canReopen: subject.reopen !== undefined,
    async reopen() {
      if (subject.reopen === undefined) return
      storage = await subject.reopen()
      await storage.open()
    },
    exact: clock !== undefined,
    shortMs: clock === undefined ? 300 : 1000,
    advance(ms) {
      clock?.advance(ms)
    },
    async passUntil(time) {
      const wait = time - (await storage.now())
      if (clock !== undefined) return void clock.advance(Math.max(0, wait))
      const giveUp = performance.now() + Math.min(Math.max(0, wait) + 5000, LONGEST_WAIT_MS)
      while ((await storage.now()) < time) {
        if (performance.now() > giveUp) fail('The clock of the engine', `to reach ${time}`, await storage.now())
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
    end,
  }
}

/** Commits one batch. */
export async function commit(storage: Storage, batch: Batch): Promise<BatchResult> {
  const results = await storage.commit([batch])
  const [result] = results
  if (result === undefined || results.length !== 1) return fail('The answer to a commit of one batch', 'one result', results)
  return result
}

/** Commits a batch that has to be accepted, and gives its versions. */
export async function accept(storage: Storage, batch: Batch): Promise<readonly string[]> {
  const result = await commit(storage, batch)
  return result.ok ? result.versions : fail(`The batch ${show(batch)}`, 'to be accepted', result)
}

/** Commits a batch whose operation `failed` must not hold. */
export async function refuse(storage: Storage, batch: Batch, failed: number): Promise<Extract<BatchResult, { ok: false }>> {
  const result = await commit(storage, batch)
  if (result.ok) return fail(`The batch ${show(batch)}`, `to be refused at operation ${failed}`, result)
  same(result.failed, failed, `The failed operation of ${show(batch)}`)
  return result
}

export async function readOne(storage: Storage, key: string): Promise<Entry | null> {
  const [entry] = await storage.read([key])
  return entry === undefined ? fail(`The answer to a read of ${key}`, 'an entry or null', entry) : entry
}

export async function countOf(storage: Storage, key: string): Promise<number | undefined> {
  return (await readOne(storage, key))?.count
}

/** The work must be refused with a `StorageError` of this code. */
export async function throwsCode(work: () => Promise<unknown>, code: string, what: string): Promise<void> {
  const outcome = await work().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('error' in outcome && isStorageError(outcome.error) && outcome.error.code === code) return
  fail(what, `a StorageError with code ${code}`, 'error' in outcome ? String(outcome.error) : outcome.value)
}

export function same(found: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(found, expected)) fail(what, expected, found)
}

export function fail(what: string, expected: unknown, found: unknown): never {
  throw new Error(`${what}: expected ${typeof expected === 'string' ? expected : show(expected)}, found ${show(found)}.`)
}

export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 1500 ? `${text.slice(0, 1500)}…` : text
}
