import { join } from 'node:path'
import { StorageError } from '../../core/errors.js'
import { type BatchState, createBatchState } from '../guarded-batch.js'
import { errorCode, type FileSystem, ifExists } from './file-system.js'
import { type JournalHeader, journalName, journalNumbers, readJournal, readJournalHead } from './journal.js'
import { decodeRecord } from './record.js'
import { loadSnapshot, PREVIOUS_SNAPSHOT, readManifest, SNAPSHOT, type SnapshotManifest } from './snapshot.js'

export const MARKER = 'store.json'

/** What `store.json` holds. */
export interface Marker {
  /** Of all files of the store. */
  readonly format: number
  readonly incarnation: string
}

export const FORMAT = 2

/** What opening a directory found and did. */
export interface RecoveryReport {
  /** Commits read from journals, after the snapshot. */
  readonly commits: number
  /** Bytes of an interrupted, never acknowledged write at the end of the last journal, which are not read again. */
  readonly tornBytes: number
  /** Damaged files that were moved aside because the exact state could be rebuilt without them. */
  readonly quarantined: readonly string[]
}

export interface Recovered {
  readonly state: BatchState
  readonly incarnation: string
  /** The last journal, and the size of all that were read. */
  readonly journal: number
  readonly journals: number
  readonly journalBytes: number
  readonly snapshot: SnapshotManifest | undefined
  readonly markerMissing: boolean
  readonly report: RecoveryReport
}

/**
 * Rebuilds the exact state a directory holds. Undefined when it was never used. Throws `StorageError` (`corrupt`)
 * rather than answer with a state that may have forgotten something; then no file was changed.
 */
export async function recover(fs: FileSystem, dir: string, readOnly: boolean): Promise<Recovered | undefined> {
  const names = await fs.readdir(dir)
  const marker = await readMarker(fs, dir)
  if (marker !== undefined && marker !== 'damaged' && marker.format !== FORMAT) throw otherFormat(dir, marker.format)
  const numbers = journalNumbers(names)
  const used = numbers.length > 0 || names.includes(SNAPSHOT) || names.includes(PREVIOUS_SNAPSHOT)
  if (!used) {
    if (marker === undefined) return undefined
    throw corrupt(dir, `${MARKER} says that this directory was in use, but its journals and snapshots are gone`)
  }
  const damaged: string[] = marker === 'damaged' ? [MARKER] : []
  for (const name of [SNAPSHOT, PREVIOUS_SNAPSHOT, undefined]) {
    const manifest = name === undefined ? undefined : await readManifest(fs, join(dir, name))
    if (name !== undefined && manifest === undefined) continue
    const state = createBatchState()
    if (manifest === 'damaged' || (manifest !== undefined && !(await loadSnapshot(fs, dir, manifest, state)))) {
      if (name !== undefined) damaged.push(name)
      continue
    }
    const replayed = await replayJournals(fs, dir, { numbers, begun: marker !== undefined }, manifest, state)
    if (replayed === undefined) return readOnly ? undefined : await forgetFirstJournal(fs, dir)
    const { incarnation, journal, tornBytes } = replayed
    if (marker !== undefined && marker !== 'damaged' && marker.incarnation !== incarnation) {
      throw corrupt(dir, `${MARKER} and the journals belong to different stores`)
    }
    if (!readOnly) await mend(fs, dir, replayed, damaged)
    const report = { commits: replayed.commits, tornBytes, quarantined: readOnly ? [] : damaged }
    const markerMissing = marker === undefined || marker === 'damaged'
    const { journals, journalBytes } = replayed
    return { state, incarnation, journal, journals, journalBytes, snapshot: manifest, markerMissing, report }
  }
  throw corrupt(dir, 'no snapshot is whole, and the journals do not reach back to the beginning')
}

interface Replayed {
  readonly incarnation: string
  readonly journal: number
  readonly journals: number
  readonly journalBytes: number
  readonly commits: number
  readonly tornBytes: number
  /** A last journal that was being created when the process died. */
  readonly stillborn: number | undefined
}

interface Journals {
  readonly numbers: readonly number[]
  /** Whether the first of all journals was ever complete. */
  readonly begun: boolean
}

/** Replays every journal from the snapshot's on, each up to where the next begins. Undefined when nothing was ever begun. */
async function replayJournals(
  fs: FileSystem,
  dir: string,
  { numbers, begun }: Journals,
  manifest: SnapshotManifest | undefined,
  state: BatchState,
): Promise<Replayed | undefined> {
  const start = manifest?.journal ?? 1
  const all = { numbers: numbers.filter((number) => number >= start), begun }
  const { headers, stillborn, ended } = await readHeads(fs, dir, all)
  const first = headers[0]
  if (first === undefined && stillborn === 1) return undefined
  if (first === undefined || first.journal !== start) throw corrupt(dir, `${journalName(start)} is missing`)
  const incarnation = manifest?.incarnation ?? first.incarnation
  const from = state.sequence()
  let journalBytes = 0
  let tornBytes = 0
  for (const [index, header] of headers.entries()) {
    const name = journalName(header.journal)
    if (header.incarnation !== incarnation) throw corrupt(dir, `${name} belongs to another store`)
    if (header.journal !== start + index) throw corrupt(dir, `${journalName(start + index)} is missing`)
    if (header.first !== state.sequence() + 1) throw corrupt(dir, `commits are missing before ${name}`)
    const next = headers[index + 1]
    const last = next === undefined ? Number.POSITIVE_INFINITY : next.first - 1
    if (last === state.sequence()) continue
    const { bytes, tail } = await readJournal(join(dir, name), fs, ([sequence, effects]) => {
      if (sequence !== state.sequence() + 1) throw corrupt(dir, `commit ${state.sequence() + 1} is missing in ${name}`)
      state.replay(sequence, effects)
      return sequence === last ? 'enough' : 'more'
    })
    journalBytes += bytes
    if (next === undefined ? tail?.kind === 'damaged' : state.sequence() !== last) {
      throw corrupt(dir, `${name} is damaged or was cut, after ${bytes} bytes of records`)
    }
    tornBytes = tail?.bytes ?? 0
  }
  if (ended) throw corrupt(dir, `${journalName(start + headers.length)} is missing`)
  if (manifest !== undefined && state.sequence() < manifest.seen) {
    throw corrupt(dir, `the journals end at commit ${state.sequence()}, but the snapshot has seen ${manifest.seen}`)
  }
  const journal = start + headers.length - 1
  const commits = state.sequence() - from
  return { incarnation, journal, journals: headers.length, journalBytes, commits, tornBytes, stillborn }
}

interface Heads {
  readonly headers: readonly JournalHeader[]
  readonly stillborn: number | undefined
  /** Whether the last journal says that another follows it. */
  readonly ended: boolean
}

/** A last journal whose beginning cannot be read is stillborn when nothing yet says that it was begun: then it has no commits. */
async function readHeads(fs: FileSystem, dir: string, { numbers, begun }: Journals): Promise<Heads> {
  const headers: JournalHeader[] = []
  let ended = false
  for (const number of numbers) {
    const { header, end } = await readJournalHead(join(dir, journalName(number)), fs)
    const expected = headers.length > 0 ? ended : number !== 1 || begun
    if (header === undefined) {
      if (number === numbers.at(-1) && !expected) return { headers, stillborn: number, ended }
      throw corrupt(dir, `${journalName(number)} has no readable beginning`)
    }
    headers.push(header)
    ended = end !== 'none'
  }
  return { headers, stillborn: undefined, ended }
}

async function mend(fs: FileSystem, dir: string, replayed: Replayed, damaged: string[]): Promise<void> {
  if (replayed.stillborn !== undefined) await fs.unlink(join(dir, journalName(replayed.stillborn)))
  // What a killed process wrote may be readable and yet not on disk.
  const file = await fs.open(join(dir, journalName(replayed.journal)), 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  const suffix = `corrupt-${new Date().toISOString().replaceAll(':', '-')}`
  for (const [index, name] of damaged.entries()) {
    await fs.rename(join(dir, name), join(dir, `${name}.${suffix}`))
    damaged[index] = `${name}.${suffix}`
  }
  await fs.syncDirectory(dir)
}

/** The process died while it created the very first journal: nothing was ever stored. */
async function forgetFirstJournal(fs: FileSystem, dir: string): Promise<undefined> {
  await fs.unlink(join(dir, journalName(1)))
  return undefined
}

async function readMarker(fs: FileSystem, dir: string): Promise<Marker | undefined | 'damaged'> {
  const data = await ifExists(fs.readFile(join(dir, MARKER)))
  if (data === undefined) return undefined
  const record = data.at(-1) === 10 ? decodeRecord(data.subarray(0, -1)) : undefined
  return record === undefined ? 'damaged' : (record.body as Marker)
}

function otherFormat(dir: string, format: number): StorageError {
  return new StorageError(
    'unavailable',
    `${dir} was written by another version of sendwarden (format ${format}; this one reads ${FORMAT}). Nothing was changed. Open it with the version that wrote it.`,
  )
}

function corrupt(dir: string, what: string): StorageError {
  return new StorageError(
    'corrupt',
    `${dir} cannot be opened: ${what}. Nothing was changed, and nothing is sent, because limits might be forgotten. Restore the whole directory from a backup that is not older than the last send, or keep it for inspection and start in a new directory once you have checked what was sent.`,
  )
}

export function isMissing(error: unknown): boolean {
  return errorCode(error) === 'ENOENT'
}
