import { describe, test } from 'vitest'
import type { Batch, BatchResult } from '../../src/core/storage-ops.js'
import type { Storage } from '../../src/storage/storage.js'
import { storageConformance } from '../../src/testing/index.js'

const NOON = Date.UTC(2026, 0, 15, 12)

export interface TestClock {
  now(): number
  advance(ms: number): void
}

export function testClock(at = NOON): TestClock {
  let time = at
  return {
    now: () => time,
    advance(ms) {
      time += ms
    },
  }
}

/** An open storage, its clock, and the ways to start it again and to be rid of it. */
export interface Subject {
  readonly storage: Storage
  readonly clock: TestClock
  /** Ends this storage as a restart would and opens what it left; undefined where nothing is left. */
  readonly reopen?: () => Promise<Storage>
  readonly dispose: () => Promise<void>
}

/** The published conformance suite on an engine that takes its time from a test clock. */
export function describeStorage(name: string, make: (clock: TestClock) => Promise<Subject>): void {
  const clock = testClock()
  describe(`${name} keeps the storage contract`, () => {
    for (const { name, run } of storageConformance(() => make(clock), { clock })) test(name, run)
  })
}

export async function commitOne(storage: Storage, batch: Batch): Promise<BatchResult> {
  const [result] = await storage.commit([batch])
  if (result === undefined) throw new Error('commit gave no result')
  return result
}
