import type { Storage } from '../storage/storage.js'
import { detailCases } from './storage-conformance/details.js'
import { modelCase } from './storage-conformance/model.js'
import { ruleCases } from './storage-conformance/rules.js'
import { startTrial, type Trial } from './storage-conformance/trial.js'

/** A storage of its own for one case, not shared with any other: a new directory, schema or namespace. The suite opens it. */
export interface StorageSubject {
  readonly storage: Storage
  /** Ends this storage as a restart of the process would, and gives what finds its state again. Required where the state outlives the process. */
  reopen?(): Promise<Storage>
  /** Called when the case is over, whatever came of it; without it the storage is closed. */
  dispose?(): Promise<void>
}

export interface StorageConformanceOptions {
  /** The fake clock of an in-process engine. Without it real time passes: the suite then waits, a few hundred milliseconds at a time. */
  readonly clock?: { advance(ms: number): unknown }
  /** Random histories that are compared with the memory engine. Default 60. */
  readonly histories?: number
  /** Where the random histories begin; a failure names its own. Default 1. */
  readonly seed?: number
}

/** The rule of `docs/storage.md` a case belongs to; `detail` = what engines share besides; `model` = random histories. */
export type ConformanceRule = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 'detail' | 'model'

export interface ConformanceCase {
  readonly name: string
  readonly rule: ConformanceRule
  /** Resolves when the engine keeps the rule; rejects with what was expected and what was found. */
  run(): Promise<void>
}

/**
 * The contract of a storage engine as cases for any test runner. Each makes a storage of its own, so they may run in any
 * order and at the same time (not with a fake clock).
 *
 * @example for (const { name, run } of storageConformance(async () => ({ storage: myStorage() }))) test(name, run)
 */
export function storageConformance(
  makeStorage: () => Promise<StorageSubject>,
  options: StorageConformanceOptions = {},
): readonly ConformanceCase[] {
  const onFresh = (work: (trial: Trial) => Promise<void>) => async () => {
    const trial = await startTrial(await makeStorage(), options.clock)
    try {
      await work(trial)
    } finally {
      await trial.end()
    }
  }
  const cases = [...ruleCases, ...detailCases].map(({ rule, name, run }) => ({
    rule,
    name: nameOf(rule, name),
    run: onFresh(run),
  }))
  const { histories = 60, seed = 1 } = options
  return [
    ...cases,
    {
      rule: 'model',
      name: 'the same history leaves the same answers and the same state as the memory engine',
      run: () => modelCase(onFresh, histories, seed),
    },
  ]
}

function nameOf(rule: ConformanceRule, name: string): string {
  return typeof rule === 'number' ? `rule ${rule}: ${name}` : name
}
