import type { Batch, BatchResult, Op } from '../../core/storage-ops.js'
import { type BatchState, createBatchState, type Effect } from '../guarded-batch.js'
import { columnOf } from './database.js'
import { entryOf, type Statements } from './statements.js'

export interface Judged {
  readonly results: BatchResult[]
  /** What became of each key that accepted batches wrote, and the number of the last one that did. */
  readonly writes: ReadonlyMap<string, { readonly effect: Effect; readonly version: number }>
  /** The number of the last batch that wrote something. */
  readonly sequence: number
}

/** What one handle knows of the store: keys are looked up once, and judged in memory as long as nobody else has written. */
export interface Mirror {
  /** Judges batches inside a write transaction that found the store at `sequence`. */
  judge(batches: readonly Batch[], sequence: number, now: number): Judged
  /** What was judged last is all in the file, as far as this transaction is concerned. */
  settle(): void
  /** What was judged last was not committed, or nobody knows. */
  forget(): void
}

type Plus = NonNullable<Extract<Op, { op: 'add' }>['plus']>

/** Keys known at most; a rolling window has 41. */
const KNOWN_MOST = 20_000

export function createMirror(statements: Statements): Mirror {
  let state: BatchState = createBatchState()
  /** Keys whose content, or absence, is known. */
  let known = new Set<string>()
  let lists = new WeakSet<Plus>()
  /** The state of the file that is mirrored; undefined = none. */
  let seen: string | undefined

  function forget(): void {
    state = createBatchState()
    known = new Set()
    lists = new WeakSet()
    seen = undefined
  }

  /** Changes with every write that is not this mirror's: of other connections, and of others on this handle. */
  function fileState(): string {
    const others = columnOf(statements.dataVersion.get(), 'data_version')
    return `${String(others)} ${String(columnOf(statements.changes.get(), 'changes'))}`
  }

  function learn(batches: readonly Batch[]): void {
    const missing: string[] = []
    const want = (key: string) => {
      if (known.has(key)) return
      known.add(key)
      missing.push(key)
    }
    for (const batch of batches) {
      for (const op of batch) {
        want(op.key)
        if (op.op !== 'add' || op.plus === undefined || op.max === undefined || lists.has(op.plus)) continue
        for (const [key] of op.plus) want(key)
        if (Object.isFrozen(op.plus)) lists.add(op.plus)
      }
    }
    if (missing.length === 0) return
    for (const row of statements.find.all(JSON.stringify(missing))) {
      const { key, value, count, version, expiresAt } = entryOf(row)
      const content = value === undefined ? ([key, 1, count ?? 0] as const) : ([key, 0, value] as const)
      state.replay(Number(version), [expiresAt === undefined ? content : [...content, expiresAt]])
    }
  }

  return {
    judge(batches, sequence, now) {
      if (seen !== fileState() || known.size > KNOWN_MOST) forget()
      learn(batches)
      state.setSequence(sequence)
      const writes = new Map<string, { effect: Effect; version: number }>()
      const results = batches.map((batch) => {
        const effects: Effect[] = []
        const result = state.commit(batch, now, effects)
        for (const effect of effects) writes.set(effect[0], { effect, version: state.sequence() })
        return result
      })
      return { results, writes, sequence: state.sequence() }
    },
    settle() {
      seen = fileState()
    },
    forget,
  }
}
