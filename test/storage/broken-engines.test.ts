import { describe, expect, test } from 'vitest'
import { StorageError } from '../../src/core/errors.js'
import type { Json } from '../../src/core/json.js'
import type { Batch, BatchResult, Entry } from '../../src/core/storage-ops.js'
import { memoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/storage.js'
import { type ConformanceRule, fakeClock, type StorageSubject, storageConformance } from '../../src/testing/index.js'
import { commitOne } from './contract.js'

/** The memory engine with one mistake in it, and the cases that have to notice. */
interface Broken {
  readonly mistake: string
  readonly rule: ConformanceRule
  readonly make: (storage: Storage) => Partial<Storage> | StorageSubject
}

const BROKEN: readonly Broken[] = [
  {
    mistake: 'what comes before the failing operation stays written',
    rule: 1,
    make: (good) => ({
      commit: eachBatch(good, async (batch, result) => {
        if (!result.ok) await good.commit([batch.slice(0, result.failed)])
        return result
      }),
    }),
  },
  {
    mistake: 'the last guard that fails is reported',
    rule: 1,
    make: (good) => ({
      commit: eachBatch(good, async (batch, result) => {
        if (result.ok) return result
        for (let last = batch.length - 1; last > result.failed; last--) {
          const op = batch[last]
          const alone = op?.op === 'check' ? await commitOne(good, [op]) : undefined
          if (alone?.ok === false) return { ...alone, failed: last }
        }
        return result
      }),
    }),
  },
  {
    mistake: 'an operation sees what the ones before it wrote',
    rule: 1,
    make: (good) => ({
      commit: eachBatch(good, async (batch, result, undo) => {
        if (!result.ok || batch.length !== 2 || !batch.some((op) => op.op === 'add' && op.plus !== undefined)) return result
        await undo()
        for (const op of batch) {
          const one = await commitOne(good, [op])
          if (!one.ok) return one
        }
        return result
      }),
    }),
  },
  {
    mistake: 'after a refused batch the rest of the call is left out',
    rule: 1,
    make: (good) => ({
      async commit(batches) {
        if (batches.some((batch) => new Set(batch.map(({ key }) => key)).size < batch.length)) return good.commit(batches)
        const results: BatchResult[] = []
        for (const batch of batches) {
          if (results.some(({ ok }) => !ok)) results.push({ ok: false, failed: 0, found: null })
          else results.push(...(await good.commit([batch])))
        }
        return results
      },
    }),
  },
  {
    mistake: 'a stale version is let through',
    rule: 1,
    make: (good) => ({
      commit: (batches) =>
        good.commit(
          batches.map((batch) =>
            batch.map((op) =>
              op.op === 'put' && typeof op.version === 'string' ? { op: 'put', key: op.key, value: op.value } : op,
            ),
          ),
        ),
    }),
  },
  {
    mistake: 'counters are read, compared and written in three steps',
    rule: 1,
    make: (good) => ({
      async commit(batches) {
        const [batch] = batches
        const first = batch?.[0]
        if (batches.length !== 1 || first?.op !== 'add' || first.key !== 'q/month') return good.commit(batches)
        const [seen] = await good.read([first.key])
        await new Promise((resolve) => setImmediate(resolve))
        if ((seen?.count ?? 0) >= (first.max ?? 0)) return [{ ok: false, failed: 0, found: seen ?? null }]
        return good.commit([[{ op: 'add', key: first.key, by: 1 }]])
      },
    }),
  },
  {
    mistake: 'a rolling window looks only at its newest part',
    rule: 1,
    make: (good) => ({ commit: changing(good, withoutPlus) }),
  },
  {
    mistake: 'a pace knows no burst',
    rule: 1,
    make: (good) => ({
      commit: changing(good, (op) => (op.op === 'pace' ? { op: 'pace', key: op.key, every: op.every } : op)),
    }),
  },
  {
    mistake: 'of two operations on one key the last is taken',
    rule: 2,
    make: (good) => ({
      commit: (batches) => good.commit(batches.map((batch) => [...new Map(batch.map((op) => [op.key, op])).values()])),
    }),
  },
  {
    mistake: 'a malformed batch is noticed when its turn comes',
    rule: 2,
    make: (good) => ({
      async commit(batches) {
        const results: BatchResult[] = []
        for (const batch of batches) results.push(...(await good.commit([batch])))
        return results
      },
    }),
  },
  {
    mistake: 'versions count the writes of a key and begin again when it is deleted',
    rule: 3,
    make: (good) => withVersions(good, false),
  },
  { mistake: 'versions begin again when a key has expired', rule: 3, make: (good) => withVersions(good, true) },
  {
    mistake: 'reads give what has expired',
    rule: 4,
    make: (good) => ({
      ...remembering(good, (old, entry) => entry ?? old),
      scan: good.scan,
    }),
  },
  {
    mistake: 'scans count what has expired and leave it out afterwards',
    rule: 4,
    make: (good) => {
      let puts = 0
      return {
        commit: (batches) => {
          puts += batches.flat().filter((op) => op.op === 'put' && op.expiresAt !== undefined).length
          return good.commit(batches)
        },
        async scan(prefix, range) {
          const found = await good.scan(prefix, range)
          return range.limit === 1 && puts > 1 ? [] : found
        },
      }
    },
  },
  {
    mistake: 'guards see what has expired',
    rule: 4,
    make: (good) => {
      const expiring = new Set<string>()
      return {
        async commit(batches) {
          const ops = batches.flat()
          for (const op of ops) if (op.op === 'put' && op.expiresAt !== undefined) expiring.add(op.key)
          const failed = ops.findIndex((op) => op.op === 'check' && op.version === null && expiring.has(op.key))
          return failed >= 0 ? [{ ok: false, failed, found: null }] : good.commit(batches)
        },
      }
    },
  },
  {
    mistake: 'a rolling window counts parts that have expired',
    rule: 4,
    make: (good) => {
      const counts = new Map<string, number>()
      return {
        async commit(batches) {
          for (const op of batches.flat()) {
            if (op.op !== 'add') continue
            const over = (op.plus ?? []).some(([key]) => (counts.get(key) ?? 0) > (op.max ?? Number.POSITIVE_INFINITY))
            if (over) return [{ ok: false, failed: 0, found: null }]
            if (op.expiresAt !== undefined && op.max === undefined) counts.set(op.key, op.by)
          }
          return good.commit(batches)
        },
      }
    },
  },
  {
    mistake: 'a refund makes a counter',
    rule: 5,
    make: (good) => ({
      commit: eachBatch(good, async (batch, result) => {
        for (const op of batch) {
          if (op.op !== 'add' || op.by >= 0 || (await good.read([op.key]))[0] !== null) continue
          await good.commit([[{ op: 'add', key: op.key, by: 1 }]])
        }
        return result
      }),
    }),
  },
  {
    mistake: 'counts go below zero',
    rule: 5,
    make: (good) => {
      const debts = new Map<string, number>()
      return {
        async commit(batches) {
          for (const op of batches.flat()) {
            if (op.op !== 'add' || op.by >= 0) continue
            const count = (await good.read([op.key]))[0]?.count
            if (count !== undefined && count + op.by < 0) debts.set(op.key, count + op.by)
          }
          return good.commit(batches)
        },
        async read(keys) {
          const entries = await good.read(keys)
          return entries.map((entry) =>
            entry?.count === undefined ? entry : { ...entry, count: entry.count + (debts.get(entry.key) ?? 0) },
          )
        },
      }
    },
  },
  {
    mistake: 'a restart finds nothing',
    rule: 6,
    make: (good) => ({
      storage: { ...good, info: { ...good.info, durable: 'process-crash' } },
      // The same engine, so that its incarnation and its versions go on.
      async reopen() {
        const keys = await good.scan('', { limit: 1000 })
        await good.commit([keys.map(({ key }) => ({ op: 'del', key }))])
        return good
      },
    }),
  },
  {
    mistake: 'more is promised than a restart can show',
    rule: 6,
    make: (good) => ({ info: { ...good.info, durable: 'power-loss' } }),
  },
  {
    mistake: 'a put of what is there already counts as done',
    rule: 7,
    make: (good) => ({
      async commit(batches) {
        const held = await good.read(batches.flat().map(({ key }) => key))
        const same = (key: string, value: Json) => held.some((entry) => entry?.key === key && entry.value === value)
        return good.commit(
          batches.map((batch) =>
            batch.map((op) =>
              op.op === 'put' && op.version === null && same(op.key, op.value) ? { op: 'put', key: op.key, value: op.value } : op,
            ),
          ),
        )
      },
    }),
  },
  {
    mistake: 'whether a key is absent is asked before the batch is sent',
    rule: 7,
    make: (good) => ({
      async commit(batches) {
        const ops = batches.flat()
        const held = await good.read(ops.map(({ key }) => key))
        await new Promise((resolve) => setImmediate(resolve))
        const failed = ops.findIndex((op, index) => op.op === 'put' && op.version === null && held[index])
        if (batches.length !== 1 || failed >= 0) return good.commit(batches)
        return good.commit([
          ops.map((op) => (op.op === 'put' && op.version === null ? { op: 'put', key: op.key, value: op.value } : op)),
        ])
      },
    }),
  },
  {
    mistake: 'values go through a parser that takes an empty list for an empty object',
    rule: 8,
    make: (good) => ({ ...remembering(good, (_, entry) => entry && emptied(entry)) }),
  },
  {
    mistake: 'counts lose digits beyond the fourteenth',
    rule: 8,
    make: (good) => ({
      async read(keys) {
        const entries = await good.read(keys)
        return entries.map((entry) =>
          entry?.count === undefined || entry.count < 1e15 ? entry : { ...entry, count: Number(entry.count.toPrecision(14)) },
        )
      },
    }),
  },
  {
    mistake: 'scans are in the order of a language',
    rule: 8,
    make: (good) => ({
      async scan(prefix, range) {
        const found = await good.scan(prefix, range)
        const sorted = found.toSorted((a, b) => a.key.localeCompare(b.key, 'en'))
        return range.reverse ? sorted.reverse() : sorted
      },
    }),
  },
  {
    mistake: 'a scan begins with the key where the last one ended',
    rule: 8,
    make: (good) => ({
      async scan(prefix, { after, ...range }) {
        const found = await good.scan(prefix, after === undefined ? range : { ...range, after })
        const [last] = after === undefined ? [] : await good.read([after])
        return last?.key.startsWith(prefix) ? [last, ...found].slice(0, range.limit) : found
      },
    }),
  },
  {
    mistake: 'long keys are cut off',
    rule: 8,
    make: (good) => ({
      commit: changing(good, (op) => (op.key.length > 256 ? { ...op, key: op.key.slice(0, 256) } : op)),
    }),
  },
  {
    mistake: 'a closed engine goes on answering',
    rule: 'detail',
    make: () => ({ close: async () => undefined }),
  },
  {
    mistake: 'an add without an expiry takes away the one there is',
    rule: 'detail',
    make: (good) => ({
      async read(keys) {
        const entries = await good.read(keys)
        return entries.map((entry) => {
          if (entry?.key !== 'q/1' || entry.count !== 2 || entry.expiresAt === undefined) return entry
          const { expiresAt: _, ...rest } = entry
          return rest
        })
      },
    }),
  },
  {
    mistake: 'large batches are refused',
    rule: 'detail',
    make: (good) => ({
      async commit(batches) {
        if (batches.flat().length > 1000) throw new StorageError('invalid', 'too large')
        return good.commit(batches)
      },
    }),
  },
]

describe('an engine with one mistake fails the cases of the rule it breaks, and no others', () => {
  const noticed = new Set<string>()
  for (const { mistake, rule, make } of BROKEN) {
    test(`rule ${rule}: ${mistake}`, async () => {
      const failed = await failuresOf(make)
      for (const { name } of failed) noticed.add(name)
      const rules = new Set(failed.map((one) => one.rule))
      rules.delete('model')
      expect([...rules], failed.map(({ name, message }) => `${name}: ${message}`).join('\n')).toEqual([rule])
    })
  }

  test('every case of a numbered rule is failed by one of them', () => {
    const missed = storageConformance(async () => ({ storage: memoryStorage() })).filter(
      ({ name, rule }) => rule !== 'detail' && !noticed.has(name),
    )
    expect(missed.map(({ name }) => name)).toEqual([])
  })
})

test('a difference from the memory engine is shown with its history, cut down to the steps it needs', async () => {
  const [model] = await failuresOf((good) => ({ commit: changing(good, withoutPlus) }), 'model')
  expect(model?.message).toMatch(/^History \d+ differs from the memory engine\. Step \d+: the batches were answered/)
  const history = JSON.parse(/The history: (.*)\.?$/.exec(model?.message ?? '')?.[1] ?? '[]') as unknown[]
  expect(history.length).toBeGreaterThan(0)
  expect(history.length).toBeLessThan(5)
})

async function failuresOf(make: Broken['make'], only?: ConformanceRule) {
  const clock = fakeClock()
  const cases = storageConformance(
    async () => {
      const good = memoryStorage({ clock })
      const made = make(good)
      return 'storage' in made ? made : { storage: { ...good, ...made } }
    },
    { clock, histories: 20 },
  )
  const failed: { readonly name: string; readonly rule: ConformanceRule; readonly message: string }[] = []
  for (const { name, rule, run } of cases) {
    if (only !== undefined && rule !== only) continue
    await run().catch((error: unknown) =>
      failed.push({ name, rule, message: error instanceof Error ? error.message : String(error) }),
    )
  }
  return failed
}

/** A commit whose operations are changed on their way. */
function changing(good: Storage, change: (op: Batch[number]) => Batch[number]): Storage['commit'] {
  return (batches) => good.commit(batches.map((batch) => batch.map(change)))
}

function withoutPlus(op: Batch[number]): Batch[number] {
  return op.op === 'add' && op.plus !== undefined ? { ...op, plus: [] } : op
}

/** A commit whose every single batch is looked at afterwards; `undo` puts back what its keys held. */
function eachBatch(
  good: Storage,
  after: (batch: Batch, result: BatchResult, undo: () => Promise<unknown>) => Promise<BatchResult>,
): Storage['commit'] {
  return async (batches) => {
    if (batches.length !== 1) return good.commit(batches)
    const [batch = []] = batches
    const before = await good.read(batch.map(({ key }) => key))
    const undo = async () => {
      await good.commit([batch.map(({ key }) => ({ op: 'del', key }))])
      const counts = before.filter((entry) => entry?.count !== undefined)
      await good.commit([counts.map((entry) => ({ op: 'add', key: entry?.key ?? '', by: entry?.count ?? 0 }))])
    }
    const [result] = await good.commit(batches)
    return result === undefined ? [] : [await after(batch, result, undo)]
  }
}

/** Reads that are changed by what a key held when it was read before. */
function remembering(good: Storage, change: (old: Entry | null, entry: Entry | null) => Entry | null): Partial<Storage> {
  const values = new Map<string, Entry>()
  const see = (entry: Entry | null, key: string) => {
    const changed = change(values.get(key) ?? null, entry)
    if (entry?.value !== undefined) values.set(key, entry)
    return changed
  }
  return {
    read: async (keys) => (await good.read(keys)).map((entry, index) => see(entry, keys[index] ?? '')),
    scan: async (prefix, range) => (await good.scan(prefix, range)).map((entry) => change(null, entry) ?? entry),
  }
}

function emptied(entry: Entry): Entry {
  return entry.value === undefined
    ? entry
    : { ...entry, value: JSON.parse(JSON.stringify(entry.value).replaceAll('[]', '{}')) as Json }
}

/** Versions per key: wrong for the lone key of the cases about versions, when it was deleted or had expired. */
function withVersions(good: Storage, onExpiry: boolean): Partial<Storage> {
  return {
    async commit(batches) {
      const results = await good.commit(batches)
      const [op] = batches.flat()
      if (op?.op !== 'put' || batches.flat().length !== 1 || op.version !== undefined) return results
      const first = onExpiry ? typeof op.value === 'number' : op.value === 'created' || op.value === 'deleted'
      return first ? results.map((result) => (result.ok ? { ok: true, versions: ['1'] } : result)) : results
    },
  }
}
