import { CHANNELS } from '../core/contact.js'
import { hostName } from '../core/host-name.js'
import type { Op } from '../core/storage-ops.js'
import { recipientKeys } from '../guardrails/recipients/index.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { operatorRecord, recordOp } from './records.js'
import { scanAll } from './scan-all.js'
import {
  addCause,
  ownKeys,
  readSuppression,
  SUPPRESSION_CAUSES,
  type Suppression,
  type SuppressionCause,
  stoppingKeys,
  suppressionKey,
} from './suppression-store.js'
import { readTarget, type SuppressionTarget } from './suppression-target.js'

/** What an import took in. */
export interface SuppressionImport {
  readonly added: number
  /** On the list already, for the same cause. */
  readonly known: number
  /** Rows that name nobody or no cause, by their place in the import: those were not taken in. */
  readonly rejected: readonly { readonly index: number; readonly message: string }[]
}

/** The list of people nobody writes to. Checked with every send, and again in its begin commit. No agent can touch it. */
export interface Suppressions {
  add(target: SuppressionTarget, why: { readonly cause: SuppressionCause; readonly by?: string }): Promise<void>
  /** Whether a message there would be stopped: by itself, by its mailbox or by its domain. */
  has(target: SuppressionTarget): Promise<boolean>
  /** Every entry that would stop it, with its causes. */
  find(target: SuppressionTarget): Promise<readonly Suppression[]>
  /** Only for a mistake, or on the person's own word. Takes every cause away; a domain's entry stays. */
  remove(target: SuppressionTarget, why: { readonly by: string; readonly note: string }): Promise<void>
  /** The whole list, by key: what an export writes, and `import` takes back. */
  list(filter?: { readonly cause?: SuppressionCause }): AsyncIterable<Suppression>
  /** Takes in many at once, targets with a cause or what `list` gave. Rows that are wrong are told, the others are in. */
  import(
    rows: Iterable<(SuppressionTarget & { readonly cause: SuppressionCause }) | Suppression>,
    why?: { readonly by?: string },
  ): Promise<SuppressionImport>
}

/** Rows per commit of an import. */
const CHUNK = 500
const PAGE = 500

export function createSuppressions(core: Core): Suppressions {
  const { known, storage, clock, policy, sealer } = core

  /** Adds causes by key in one commit; how many were new. */
  async function addAll(rows: readonly Row[], by: string): Promise<number> {
    for (;;) {
      const at = clock.now()
      const unique = [...new Map(rows.map((row) => [`${row.cause} ${row.key}`, row])).values()]
      const found = await storage.read(unique.map(({ key }) => keys.suppressed(key)))
      const ops: Op[] = []
      const written = new Set<string>()
      let added = 0
      for (const [index, { key, cause }] of unique.entries()) {
        // A second cause for the same key waits for the next round: one write per key and commit.
        if (written.has(key)) continue
        const op = addCause(key, found[index] ?? null, { cause, at, by })
        if (op === undefined) continue
        written.add(key)
        ops.push(op)
        added++
      }
      if (ops.length === 0) return 0
      const record = recordOp(operatorRecord(at, by, 'suppression.add', policy, { count: added }))
      const [result] = await storage.commit([[...ops, record]])
      sealer.wrote()
      if (result?.ok === false) continue
      core.suppressed()
      return added + (unique.length > written.size ? await addAll(rows, by) : 0)
    }
  }

  async function find(target: SuppressionTarget): Promise<readonly Suppression[]> {
    const wanted = stoppingKeys(readTarget(target))
    await known.open()
    const found = await storage.read(wanted.map(keys.suppressed))
    return found.flatMap((entry) => (entry === null ? [] : [readSuppression(entry)]))
  }

  return {
    find,
    async add(target, { cause, by = 'operator' }) {
      const key = suppressionKey(readTarget(target))
      if (!SUPPRESSION_CAUSES.includes(cause)) throw new TypeError(causeMessage(cause))
      await known.open()
      await addAll([{ key, cause }], by)
    },
    async has(target) {
      return (await find(target)).length > 0
    },
    async remove(target, { by, note }) {
      const wanted = ownKeys(readTarget(target))
      await known.open()
      const ops: Op[] = wanted.map((key) => ({ op: 'del', key: keys.suppressed(key) }))
      await storage.commit([[...ops, recordOp(operatorRecord(clock.now(), by, 'suppression.remove', policy, {}, note))]])
      sealer.wrote()
    },
    async *list({ cause } = {}) {
      await known.open()
      for await (const entry of scanAll(storage, keys.suppressions, { page: PAGE })) {
        const suppression = readSuppression(entry)
        if (cause === undefined || suppression.causes.some((each) => each.cause === cause)) yield suppression
      }
    },
    async import(rows, { by = 'import' } = {}) {
      await known.open()
      const rejected: { index: number; message: string }[] = []
      let [added, seen, index] = [0, 0, 0]
      let chunk: Row[] = []
      const flush = async () => {
        added += await addAll(chunk, by)
        chunk = []
      }
      for (const row of rows) {
        try {
          const read = rowsOf(row)
          seen += read.length
          chunk.push(...read)
        } catch (error) {
          rejected.push({ index, message: error instanceof Error ? error.message : String(error) })
        }
        index++
        if (chunk.length >= CHUNK) await flush()
      }
      if (chunk.length > 0) await flush()
      return { added, known: seen - added, rejected }
    },
  }
}

interface Row {
  readonly key: string
  readonly cause: SuppressionCause
}

function rowsOf(row: (SuppressionTarget & { readonly cause: SuppressionCause }) | Suppression): readonly Row[] {
  if (typeof row !== 'object' || row === null) throw new TypeError('is no object.')
  if (!('causes' in row)) {
    if (!SUPPRESSION_CAUSES.includes(row.cause)) throw new TypeError(causeMessage(row.cause))
    return [{ key: suppressionKey(readTarget(row)), cause: row.cause }]
  }
  if (typeof row.key !== 'string' || !isKey(row.key)) throw new TypeError('has a key no list has given out.')
  const wrong = row.causes.find(({ cause }) => !SUPPRESSION_CAUSES.includes(cause))
  if (wrong !== undefined) throw new TypeError(causeMessage(wrong.cause))
  return row.causes.map(({ cause }) => ({ key: row.key, cause }))
}

/** A contact or GHL's do-not-disturb, a number (on a channel); a mailbox or a domain in the spelling a send looks for. */
function isKey(key: string): boolean {
  const [whole, channel] = /^(?:(?:contact|dnd):[^\s#]+|\+\d{7,15})(?:#([a-z_]+))?$/.exec(key) ?? []
  if (whole !== undefined) return channel === undefined || CHANNELS.some((each) => each === channel)
  const address = key.startsWith('@') ? `x${key}` : key
  return recipientKeys('email', address).includes(key) && hostName(address.slice(address.lastIndexOf('@') + 1)) !== undefined
}

function causeMessage(cause: unknown): string {
  return `"${String(cause)}" is no cause; expected one of ${SUPPRESSION_CAUSES.join(', ')}.`
}
