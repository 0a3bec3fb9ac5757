import type { Json } from '../../core/json.js'
import type { Batch, Op } from '../../core/storage-ops.js'
import { accept, commit, countOf, fail, readOne, refuse, same, type TrialCase, throwsCode } from './trial.js'

const put = (key: string, value: Json = 1): Op => ({ op: 'put', key, value })

/** The eight rules of `docs/storage.md`. */
export const ruleCases: readonly TrialCase[] = [
  {
    rule: 1,
    name: 'a refused batch writes nothing',
    async run(trial) {
      const storage = trial.storage()
      await accept(storage, [{ op: 'add', key: 'q/a', by: 2 }, put('x/old')])
      const batch: Batch = [put('x/new'), { op: 'del', key: 'x/old' }, { op: 'add', key: 'q/a', by: 1, max: 2 }]
      const { found } = await refuse(storage, batch, 2)
      same(found?.count, 2, 'What the refusing counter held')
      const [fresh, old, counter] = await storage.read(['x/new', 'x/old', 'q/a'])
      same([fresh, old?.value, counter?.count], [null, 1, 2], 'What a refused batch left')
    },
  },
  {
    rule: 1,
    name: 'the first guard that does not hold is reported, with what its key held',
    async run(trial) {
      const storage = trial.storage()
      const [version] = await accept(storage, [put('x/1', 'here')])
      const batch: Batch = [
        put('x/0'),
        { op: 'check', key: 'x/1', version: 'no such version' },
        { op: 'check', key: 'x/2', version: 'no such version' },
      ]
      same((await refuse(storage, batch, 1)).found, { key: 'x/1', value: 'here', version }, 'What the first failing key held')
      same((await refuse(storage, batch.slice(2), 0)).found, null, 'What an absent key held')
    },
  },
  {
    rule: 1,
    name: 'guards are judged against the state before the batch',
    async run(trial) {
      const storage = trial.storage()
      await accept(storage, [
        { op: 'add', key: 'q/1', by: 1 },
        { op: 'add', key: 'q/2', by: 1, max: 1, plus: [['q/1', 1]] },
      ])
      same(await countOf(storage, 'q/2'), 1, 'A counter judged beside one that the same batch raises')
    },
  },
  {
    rule: 1,
    name: 'the batches of one call run in order, and one refused does not hold back the next',
    async run(trial) {
      const take: Batch = [{ op: 'add', key: 'q/a', by: 1, max: 1 }]
      const results = await trial.storage().commit([take, take, [put('x/1')]])
      same(
        results.map((result) => result.ok),
        [true, false, true],
        'The answers to a call of three batches',
      )
    },
  },
  {
    rule: 1,
    name: 'a version guard holds for the version that is there and no other',
    async run(trial) {
      const storage = trial.storage()
      const [first = ''] = await accept(storage, [put('x/1')])
      const [second = ''] = await accept(storage, [{ op: 'put', key: 'x/1', value: 2, version: first }])
      for (const version of [first, null, '']) {
        await refuse(storage, [{ op: 'check', key: 'x/1', version }], 0)
        await refuse(storage, [{ op: 'put', key: 'x/1', value: 3, version }], 0)
      }
      await refuse(storage, [{ op: 'del', key: 'x/1', version: first }], 0)
      await accept(storage, [{ op: 'check', key: 'x/1', version: second }])
      await accept(storage, [{ op: 'del', key: 'x/1', version: second }])
      await accept(storage, [{ op: 'check', key: 'x/1', version: null }])
      await refuse(storage, [{ op: 'check', key: 'x/1', version: second }], 0)
    },
  },
  {
    rule: 1,
    name: 'callers at the same time never pass a limit together',
    async run(trial) {
      const storage = trial.storage()
      const take: Batch = [
        { op: 'add', key: 'q/month', by: 1, max: 10 },
        { op: 'add', key: 'q/day', by: 1 },
      ]
      const results = await Promise.all(Array.from({ length: 40 }, () => commit(storage, take)))
      same(results.filter((result) => result.ok).length, 10, 'Accepted of 40 callers against a limit of 10')
      same([await countOf(storage, 'q/month'), await countOf(storage, 'q/day')], [10, 10], 'The counters after them')
    },
  },
  {
    rule: 1,
    name: 'a rolling window counts its earlier parts, by their weights, against the limit',
    async run(trial) {
      const storage = trial.storage()
      await accept(storage, [
        { op: 'add', key: 'q/57', by: 1 },
        { op: 'add', key: 'q/58', by: 2 },
      ])
      const add: Batch = [
        {
          op: 'add',
          key: 'q/59',
          by: 1,
          max: 6,
          plus: [
            ['q/56', 1],
            ['q/57', 1],
            ['q/58', 2],
          ],
        },
      ]
      await accept(storage, add)
      same((await refuse(storage, add, 0)).found?.count, 1, 'The newest part of a full window')
    },
  },
  {
    rule: 1,
    name: 'a pace lets its burst through, and the next one when it is due',
    async run(trial) {
      const storage = trial.storage()
      const pace: Batch = [{ op: 'pace', key: 'pace/a', every: trial.shortMs, burst: 2 }]
      const results = await storage.commit([pace, pace, pace])
      same(
        results.map((result) => result.ok),
        [true, true, false],
        'Three at once at a burst of two',
      )
      const [, , third] = results
      const due = third?.ok === false ? third.retryAt : undefined
      if (due === undefined) return fail('The refusal of a pace', 'a retryAt', third)
      await trial.passUntil(due)
      await accept(storage, pace)
    },
  },
  {
    rule: 2,
    name: 'a key that is named twice in a batch is an error',
    async run(trial) {
      const storage = trial.storage()
      const twice: readonly Batch[] = [
        [put('x/1'), { op: 'del', key: 'x/1' }],
        [
          { op: 'add', key: 'x/1', by: 1 },
          { op: 'add', key: 'x/1', by: 1 },
        ],
        [{ op: 'check', key: 'x/1', version: null }, put('x/1')],
      ]
      for (const batch of twice) await throwsCode(() => storage.commit([batch]), 'invalid', 'A key named twice')
      same(await readOne(storage, 'x/1'), null, 'The key after that')
    },
  },
  {
    rule: 2,
    name: 'no batch of a call with such an error is written',
    async run(trial) {
      const storage = trial.storage()
      const bad: Batch = [put('x/2'), put('x/2')]
      await storage.commit([[put('x/1')], bad, [put('x/3')]]).catch(() => undefined)
      same(await storage.read(['x/1', 'x/3']), [null, null], 'The batches before and after the malformed one')
    },
  },
  {
    rule: 3,
    name: 'every write gives a key a version it never had, also after deletion and a restart',
    async run(trial) {
      const versions: (string | undefined)[] = []
      for (const life of ['created', 'overwritten', 'deleted', 'restarted']) {
        const [version] = await accept(trial.storage(), [put('x/1', life)])
        versions.push(version)
        same((await readOne(trial.storage(), 'x/1'))?.version, version, 'The version read after a write')
        if (life === 'overwritten') await accept(trial.storage(), [{ op: 'del', key: 'x/1' }])
        if (life === 'deleted') await trial.reopen()
      }
      same(new Set(versions).size, versions.length, `Different versions among ${versions.join(', ')}`)
    },
  },
  {
    rule: 3,
    name: 'an expired key that is written again has a version it never had',
    async run(trial) {
      const storage = trial.storage()
      const [first] = await accept(storage, [{ op: 'put', key: 'x/1', value: 1, expiresAt: (await storage.now()) - 1000 }])
      const [second] = await accept(storage, [put('x/1')])
      if (first === second) fail('The version of a key written again after it expired', 'a new one', second)
    },
  },
  {
    rule: 4,
    name: 'an expired value is absent for reads',
    async run(trial) {
      const storage = trial.storage()
      const expiresAt = (await storage.now()) + trial.shortMs
      await accept(storage, [{ op: 'put', key: 'x/1', value: 1, expiresAt }])
      if (trial.exact) {
        trial.advance(trial.shortMs - 1)
        same((await readOne(storage, 'x/1'))?.value, 1, 'A value one millisecond before it expires')
      }
      await trial.passUntil(expiresAt)
      same(await readOne(storage, 'x/1'), null, 'A value at the time it expires')
    },
  },
  {
    rule: 4,
    name: 'an expired value is absent for scans, and takes no place in them',
    async run(trial) {
      const storage = trial.storage()
      const expiresAt = (await storage.now()) + trial.shortMs
      await accept(storage, [
        { op: 'put', key: 'x/1', value: 1, expiresAt },
        { op: 'put', key: 'x/2', value: 2, expiresAt },
        put('x/3'),
      ])
      await trial.passUntil(expiresAt)
      same(
        (await storage.scan('x/', { limit: 1 })).map(({ key }) => key),
        ['x/3'],
        'A scan for one entry behind two that expired',
      )
    },
  },
  {
    rule: 4,
    name: 'an expired value is absent for guards',
    async run(trial) {
      const storage = trial.storage()
      const expiresAt = (await storage.now()) + trial.shortMs
      const expiring = ['x/1', 'x/2', 'x/3'].map((key): Op => ({ op: 'put', key, value: 1, expiresAt }))
      const [version = ''] = await accept(storage, expiring)
      await trial.passUntil(expiresAt)
      await refuse(storage, [{ op: 'check', key: 'x/1', version }], 0)
      await refuse(storage, [{ op: 'del', key: 'x/1', version }], 0)
      await accept(storage, [
        { op: 'check', key: 'x/1', version: null },
        { op: 'put', key: 'x/2', value: 2, version: null },
        { op: 'add', key: 'x/3', by: 1 },
      ])
    },
  },
  {
    rule: 4,
    name: 'an expired counter begins again at zero and no longer counts in a rolling window',
    async run(trial) {
      const storage = trial.storage()
      const expiresAt = (await storage.now()) + trial.shortMs
      await accept(storage, [
        { op: 'add', key: 'q/1', by: 5, expiresAt },
        { op: 'add', key: 'q/2', by: 5, expiresAt },
      ])
      await trial.passUntil(expiresAt)
      await accept(storage, [{ op: 'add', key: 'q/1', by: 1, max: 1, plus: [['q/2', 1]] }])
      same((await readOne(storage, 'q/1'))?.expiresAt, undefined, 'The expiry of a counter that began again without one')
    },
  },
  {
    rule: 5,
    name: 'a refund of an absent counter does nothing',
    async run(trial) {
      const storage = trial.storage()
      same(await accept(storage, [{ op: 'add', key: 'q/a', by: -3 }]), [''], 'The versions of a refund that did nothing')
      same(await countOf(storage, 'q/a'), undefined, 'The counter after it')
    },
  },
  {
    rule: 5,
    name: 'a refund of an expired counter does nothing, so that no credit is made',
    async run(trial) {
      const storage = trial.storage()
      await accept(storage, [{ op: 'add', key: 'q/a', by: 9, expiresAt: (await storage.now()) - 1000 }])
      await accept(storage, [{ op: 'add', key: 'q/a', by: -2 }])
      same(await countOf(storage, 'q/a'), undefined, 'A counter that had expired before its refund')
      await accept(storage, [{ op: 'add', key: 'q/a', by: 1 }])
      same(await countOf(storage, 'q/a'), 1, 'The next count after it')
    },
  },
  {
    rule: 5,
    name: 'a count never goes below zero',
    async run(trial) {
      const storage = trial.storage()
      await accept(storage, [{ op: 'add', key: 'q/a', by: 1 }])
      await accept(storage, [{ op: 'add', key: 'q/a', by: -5 }])
      same(await countOf(storage, 'q/a'), 0, 'One, less five')
      await accept(storage, [{ op: 'add', key: 'q/a', by: 2 }])
      same(await countOf(storage, 'q/a'), 2, 'And two more')
    },
  },
  {
    rule: 6,
    name: 'what was acknowledged is there after a restart, as it was',
    async run(trial) {
      const { info } = trial.storage()
      if (!trial.canReopen) return same(info.durable, 'none', 'What is promised by an engine whose state no restart finds again')
      const expiresAt = (await trial.storage().now()) + 3_600_000
      await accept(trial.storage(), [
        put('x/1', { deep: [1, 'zwei', null] }),
        { op: 'put', key: 'x/2', value: 2, expiresAt },
        { op: 'add', key: 'q/1', by: 7, expiresAt },
        put('x/3'),
      ])
      await accept(trial.storage(), [
        { op: 'add', key: 'q/1', by: -1 },
        { op: 'del', key: 'x/3' },
      ])
      const keys = ['x/1', 'x/2', 'x/3', 'q/1']
      const before = await trial.storage().read(keys)
      same(before[3]?.count, 6, 'The counter before the restart')
      await trial.reopen()
      same(await trial.storage().read(keys), before, 'The state after a restart')
    },
  },
  {
    rule: 7,
    name: 'a counting batch with put-if-absent is harmless when it is sent again',
    async run(trial) {
      const storage = trial.storage()
      const batch: Batch = [
        { op: 'put', key: 'idem/1', value: 'me', version: null },
        { op: 'add', key: 'q/a', by: 1 },
      ]
      await accept(storage, batch)
      same((await refuse(storage, batch, 0)).found?.value, 'me', 'What a repeated batch finds')
      same(await countOf(storage, 'q/a'), 1, 'The counter after the repetition')
    },
  },
  {
    rule: 7,
    name: 'the same batch sent many times at once lands once',
    async run(trial) {
      const storage = trial.storage()
      const batch: Batch = [
        { op: 'put', key: 'idem/1', value: 'me', version: null },
        { op: 'add', key: 'q/a', by: 1 },
      ]
      const results = await Promise.all(Array.from({ length: 10 }, () => commit(storage, batch)))
      same(results.filter(({ ok }) => ok).length, 1, 'Accepted of ten repetitions')
      same(await countOf(storage, 'q/a'), 1, 'The counter after them')
    },
  },
  {
    rule: 8,
    name: 'values come back as they went in',
    async run(trial) {
      const values: readonly Json[] = [
        [null, true, false, 0, '', [], {}, [[]], [{}], { empty: [], none: {} }],
        [9007199254740991, -9007199254740991, 0.1, 1e-7, 1e21, 123456.789],
        ['é\u2028\u0000"\\\n', '\ud800', '日本', { 'a b': 'c', '': 1 }],
        'x'.repeat(100_000),
      ]
      const storage = trial.storage()
      const ops = values.map((value, index): Op => ({ op: 'put', key: `x/${index}`, value }))
      await accept(storage, ops)
      for (const [index, entry] of (await storage.read(ops.map(({ key }) => key))).entries())
        same(entry?.value, values[index], 'A value')
      same((await storage.scan('x/', { limit: 1 }))[0]?.value, values[0], 'A value in a scan')
    },
  },
  {
    rule: 8,
    name: 'counts are exact up to 2^53 - 1, and none is greater',
    async run(trial) {
      const storage = trial.storage()
      await accept(storage, [{ op: 'add', key: 'q/a', by: Number.MAX_SAFE_INTEGER - 1 }])
      await accept(storage, [{ op: 'add', key: 'q/a', by: 1 }])
      same(await countOf(storage, 'q/a'), Number.MAX_SAFE_INTEGER, 'The greatest count')
      await refuse(storage, [{ op: 'add', key: 'q/a', by: 1 }], 0)
      await accept(storage, [{ op: 'add', key: 'q/a', by: -2 }])
      same(await countOf(storage, 'q/a'), Number.MAX_SAFE_INTEGER - 2, 'The greatest count, less two')
    },
  },
  {
    rule: 8,
    name: 'keys are scanned in the order of their bytes',
    async run(trial) {
      const storage = trial.storage()
      const keys = ['x/ ', 'x/-a', 'x/0', 'x/10', 'x/2', 'x/B', 'x/_', 'x/a', 'x/a-b', 'x/a/b', 'x/a0', 'x/~']
      await accept(
        storage,
        [...keys, 'w', 'x', 'x.', 'x0', 'y/1'].reverse().map((key) => put(key)),
      )
      const scanned = async (reverse: boolean) => (await storage.scan('x/', { limit: 50, reverse })).map(({ key }) => key)
      same(await scanned(false), keys, 'A scan')
      same(await scanned(true), [...keys].reverse(), 'A scan backwards')
    },
  },
  {
    rule: 8,
    name: 'a scan takes up where the last one ended, in both directions',
    async run(trial) {
      const storage = trial.storage()
      const keys = ['a/1', 'x/1', 'x/2', 'x/3', 'y/1']
      await accept(
        storage,
        keys.map((key) => put(key)),
      )
      const scans: readonly [prefix: string, range: { after?: string; limit: number; reverse?: boolean }, expected: string[]][] =
        [
          ['x/', { limit: 2 }, ['x/1', 'x/2']],
          ['x/', { limit: 2, after: 'x/2' }, ['x/3']],
          ['x/', { limit: 2, after: 'x/2z' }, ['x/3']],
          ['x/', { limit: 9, after: 'a' }, ['x/1', 'x/2', 'x/3']],
          ['x/', { limit: 9, after: 'x/3' }, []],
          ['x/', { limit: 2, reverse: true }, ['x/3', 'x/2']],
          ['x/', { limit: 2, reverse: true, after: 'x/2' }, ['x/1']],
          ['x/', { limit: 9, reverse: true, after: 'z' }, ['x/3', 'x/2', 'x/1']],
          ['x/', { limit: 9, reverse: true, after: 'a' }, []],
          ['', { limit: 9 }, keys],
          ['x/2', { limit: 9 }, ['x/2']],
          ['x/', { limit: 0 }, []],
          ['nothing/', { limit: 9 }, []],
        ]
      for (const [prefix, range, expected] of scans) {
        const found = (await storage.scan(prefix, range)).map(({ key }) => key)
        same(found, expected, `scan('${prefix}', ${JSON.stringify(range)})`)
      }
    },
  },
  {
    rule: 8,
    name: 'keys of 1 to 256 printable ASCII characters are kept, all others are refused',
    async run(trial) {
      const storage = trial.storage()
      const good = ['k', 'k'.repeat(256), '{x} *?[]^%\\"\'`$', '~']
      await accept(
        storage,
        good.map((key) => put(key, key)),
      )
      same(
        (await storage.read(good)).map((entry) => entry?.value),
        good,
        'What unusual keys hold',
      )
      for (const key of ['', 'k'.repeat(257), 'q/é', 'q/\n'])
        await throwsCode(() => storage.commit([[put(key)]]), 'invalid', `The key ${JSON.stringify(key.slice(0, 20))}`)
    },
  },
]
