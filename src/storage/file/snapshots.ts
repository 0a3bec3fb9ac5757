import { join } from 'node:path'
import type { BatchState } from '../guarded-batch.js'
import type { FileSystem } from './file-system.js'
import type { Groups } from './groups.js'
import { createJournal, endJournal, journalName, journalNumbers } from './journal.js'
import type { Recovered } from './recovery.js'
import { manifestBytes, PREVIOUS_SNAPSHOT, publishManifest, readManifest, SNAPSHOT, writeParts } from './snapshot.js'

export interface Snapshots {
  /** Between two groups: begins a snapshot when the journals have grown enough to pay for it. */
  whenDue(): Promise<void> | undefined
  /** Removes files that no snapshot needs any more. */
  sweep(): Promise<void>
  stop(): void
  stopped(): Promise<void>
}

interface Setting {
  readonly fs: FileSystem
  readonly dir: string
  readonly state: BatchState
  readonly incarnation: string
  readonly groups: Groups
  readonly every: number
  readonly found: Recovered | undefined
  readonly failed: ((error: unknown) => void) | undefined
}

/** Journals of many short runs are gathered by a snapshot, however small they are. */
const MANY_JOURNALS = 32

/**
 * Decides when to write a snapshot, and drops what it makes superfluous. A snapshot costs as much as the state is large, so it
 * waits until the journals are twice that: the cost per commit stays the same however large the state grows.
 */
export function createSnapshots({ fs, dir, state, incarnation, groups, every, found, failed }: Setting): Snapshots {
  let lastBytes = manifestBytes(found?.snapshot)
  /** Bytes and number of the journals a recovery would replay, without the one being written. */
  let replayBytes = found?.journalBytes ?? 0
  let journals = (found?.journals ?? 0) + 1
  let running: Promise<void> | undefined
  let ending = false
  // A damaged snapshot was just moved aside: there should soon be two again.
  let urgent = found?.report.quarantined.some((name) => name.startsWith('snapshot')) === true
  /** What the journals held when a snapshot was last begun: one that failed is not tried again at once. */
  let tried = { bytes: 0, journals: 0 }

  function isDue(): boolean {
    if (running !== undefined || ending) return false
    const bytes = replayBytes + groups.journal().bytes()
    return urgent || journals - tried.journals > MANY_JOURNALS || bytes - tried.bytes > Math.max(every, 2 * lastBytes)
  }

  /** Between two groups: from here on commits go to a new journal, and the snapshot stands for all before it. */
  async function begin(): Promise<void> {
    urgent = false
    const former = groups.journal()
    const sequence = groups.durable()
    const number = former.number + 1
    groups.replaceJournal(await createJournal(fs, dir, { journal: number, first: sequence + 1, incarnation }))
    await former.close()
    await endJournal(fs, dir, former.number)
    replayBytes += former.bytes()
    journals++
    tried = { bytes: replayBytes, journals }
    running = write(sequence, number)
      .catch((error: unknown) => failed?.(error))
      .finally(() => {
        running = undefined
      })
  }

  async function write(sequence: number, journal: number): Promise<void> {
    const generation = (await lastGeneration()) + 1
    const stopped = () => ending || !groups.isAlive()
    const before = replayBytes
    const parts = await writeParts(fs, dir, generation, state.keyspace.slots(), stopped)
    if (parts === undefined) return
    const seen = state.sequence()
    await groups.synced()
    if (stopped()) return
    const manifest = { generation, incarnation, sequence, seen, journal, parts }
    await publishManifest(fs, dir, manifest)
    lastBytes = manifestBytes(manifest)
    replayBytes -= before
    journals = 1
    tried = { bytes: 0, journals: 0 }
    await sweep()
  }

  async function lastGeneration(): Promise<number> {
    const names = await fs.readdir(dir)
    return Math.max(0, ...names.map((name) => Number(/^snapshot-(\d+)-/.exec(name)?.[1] ?? 0)))
  }

  async function sweep(): Promise<void> {
    const current = await readManifest(fs, join(dir, SNAPSHOT))
    const previous = await readManifest(fs, join(dir, PREVIOUS_SNAPSHOT))
    // Without a sound pair, everything that might still be needed stays.
    if (current === 'damaged' || previous === 'damaged') return
    const needed = new Set([...(current?.parts ?? []), ...(previous?.parts ?? [])].map((part) => part.name))
    const names = await fs.readdir(dir)
    const temporary = /^(snapshot(\.prev)?\.json|snapshot-\d+-\d+\.part|store\.json)\.new(\.\d+)?$/
    const unneeded = names.filter((name) => temporary.test(name) || (/^snapshot-\d+-\d+\.part$/.test(name) && !needed.has(name)))
    const keepFrom = previous?.journal ?? 1
    for (const number of journalNumbers(names)) if (number < keepFrom) unneeded.push(journalName(number))
    for (const name of unneeded) await fs.unlink(join(dir, name))
  }

  return {
    whenDue: () => (isDue() ? begin() : undefined),
    sweep,
    stop() {
      ending = true
    },
    async stopped() {
      await running
    },
  }
}
