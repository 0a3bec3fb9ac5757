import { accept, readOne, refuse, same, type TrialCase, throwsCode } from './trial.js'

const HOUR_MS = 3_600_000

/** What engines have to share besides the eight rules. */
export const detailCases: readonly TrialCase[] = [
  {
    rule: 'detail',
    name: 'an accepted batch gives one version per operation, empty for those that wrote nothing',
    async run(trial) {
      const versions = await accept(trial.storage(), [
        { op: 'check', key: 'x/1', version: null },
        { op: 'put', key: 'x/2', value: 1 },
        { op: 'del', key: 'x/3' },
        { op: 'add', key: 'q/1', by: 1 },
        { op: 'add', key: 'q/2', by: -1 },
        { op: 'pace', key: 'pace/1', every: 1000 },
      ])
      same(
        versions.map((version) => version !== ''),
        [false, true, false, true, false, true],
        'Which operations have a version',
      )
    },
  },
  {
    rule: 'detail',
    name: 'a counter operation on a value does not hold, and a value may replace a counter',
    async run(trial) {
      const storage = trial.storage()
      await accept(storage, [{ op: 'put', key: 'x/1', value: 5 }])
      same((await refuse(storage, [{ op: 'add', key: 'x/1', by: 1 }], 0)).found?.value, 5, 'What the key held')
      await refuse(storage, [{ op: 'pace', key: 'x/1', every: 1 }], 0)
      await accept(storage, [{ op: 'add', key: 'q/1', by: 1 }])
      await accept(storage, [{ op: 'put', key: 'q/1', value: 'text' }])
      const entry = await readOne(storage, 'q/1')
      same([entry?.value, entry?.count], ['text', undefined], 'A counter that was replaced by a value')
    },
  },
  {
    rule: 'detail',
    name: 'a rolling window counts counters only',
    async run(trial) {
      await accept(trial.storage(), [{ op: 'put', key: 'x/1', value: 99 }])
      await accept(trial.storage(), [{ op: 'add', key: 'q/1', by: 1, max: 1, plus: [['x/1', 1]] }])
    },
  },
  {
    rule: 'detail',
    name: 'an add without an expiry keeps the one there is, and one with it replaces it',
    async run(trial) {
      const storage = trial.storage()
      const later = (await storage.now()) + HOUR_MS
      const expiry = async () => (await readOne(storage, 'q/1'))?.expiresAt
      await accept(storage, [{ op: 'add', key: 'q/1', by: 1, expiresAt: later }])
      await accept(storage, [{ op: 'add', key: 'q/1', by: 1 }])
      same(await expiry(), later, 'The expiry after an add without one')
      await accept(storage, [{ op: 'add', key: 'q/1', by: 1, expiresAt: later + 5 }])
      same(await expiry(), later + 5, 'The expiry after an add with another')
      await accept(storage, [{ op: 'put', key: 'q/1', value: 1 }])
      same(await expiry(), undefined, 'The expiry after a put without one')
    },
  },
  {
    rule: 'detail',
    name: 'a pace expires at its next free time, and a refusal says when the guard can hold again',
    async run(trial) {
      const storage = trial.storage()
      await accept(storage, [{ op: 'pace', key: 'pace/1', every: HOUR_MS }])
      const entry = await readOne(storage, 'pace/1')
      same(entry?.expiresAt, entry?.count, 'The expiry of a pace')
      const { retryAt } = await refuse(storage, [{ op: 'pace', key: 'pace/1', every: HOUR_MS }], 0)
      same(retryAt, entry?.count, 'retryAt of a pace')
      const expiresAt = (await storage.now()) + HOUR_MS
      await accept(storage, [{ op: 'add', key: 'q/1', by: 2, expiresAt }])
      const full = await refuse(storage, [{ op: 'add', key: 'q/1', by: 1, max: 2 }], 0)
      same(full.retryAt, expiresAt, 'retryAt of a lone counter')
      const rolling = await refuse(storage, [{ op: 'add', key: 'q/1', by: 1, max: 2, plus: [['q/0', 1]] }], 0)
      same(rolling.retryAt, undefined, 'retryAt of a rolling window')
      const never = await refuse(storage, [{ op: 'add', key: 'q/1', by: 3, max: 2 }], 0)
      same(never.retryAt, undefined, 'retryAt of what will never fit')
    },
  },
  {
    rule: 'detail',
    name: 'opening again gives the same incarnation, also after a restart',
    async run(trial) {
      const { incarnation } = await trial.storage().open()
      await trial.reopen()
      same((await trial.storage().open()).incarnation, incarnation, 'The incarnation')
    },
  },
  {
    rule: 'detail',
    name: 'a large batch is one batch',
    async run(trial) {
      const storage = trial.storage()
      const keys = Array.from({ length: 1500 }, (_, index) => `x/${String(index).padStart(4, '0')}`)
      await accept(
        storage,
        keys.map((key) => ({ op: 'put', key, value: key })),
      )
      same((await storage.scan('x/', { limit: 2000 })).length, 1500, 'Entries of a scan')
      await accept(
        storage,
        keys.map((key) => ({ op: 'del', key })),
      )
      same((await storage.scan('x/', { limit: 2000 })).length, 0, 'Entries after their deletion')
    },
  },
  {
    rule: 'detail',
    name: 'after close every call is refused',
    async run(trial) {
      const storage = trial.storage()
      await storage.close()
      await throwsCode(() => storage.read(['x']), 'closed', 'A read after close')
      await throwsCode(() => storage.commit([[{ op: 'del', key: 'x' }]]), 'closed', 'A commit after close')
      await throwsCode(() => storage.scan('', { limit: 1 }), 'closed', 'A scan after close')
      await throwsCode(() => storage.now(), 'closed', 'now() after close')
    },
  },
]
