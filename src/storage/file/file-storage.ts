import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { requireOptions } from '../../core/adapter-options.js'
import { type Clock, systemClock } from '../../core/clock.js'
import { kindOf } from '../../core/config-issues.js'
import { ConfigError, isStorageError, StorageError } from '../../core/errors.js'
import type { Batch, BatchResult } from '../../core/storage-ops.js'
import { type BatchState, createBatchState, type Effect } from '../guarded-batch.js'
import type { Storage } from '../storage.js'
import { createWatchers } from '../watchers.js'
import { adviceOn } from './advice.js'
import { type FileSystem, nodeFileSystem } from './file-system.js'
import { createGroups, type Groups } from './groups.js'
import { createJournal, endJournal, type JournalWriter } from './journal.js'
import { acquireLock, type Lock } from './lock.js'
import { encodeRecord } from './record.js'
import { FORMAT, isMissing, MARKER, type Marker, type Recovered, type RecoveryReport, recover } from './recovery.js'
import { replaceVerified } from './snapshot.js'
import { createSnapshots, type Snapshots } from './snapshots.js'

export interface FileStorageOptions {
  /** Where time comes from; without it, the clock of the gateway that opens this storage. */
  readonly clock?: Clock
  /** Whether a directory that was never used may be made into a store. Default true; false once you know there must be one. */
  readonly create?: boolean
  /** Opens without the lock, to look at what another process writes, as it is at that moment. Default false. */
  readonly readOnly?: boolean
  /**
   * You vouch that no two hosts or containers ever mount the directory at the same time. Then a lock left by another boot
   * or container is taken over, so that a killed container starts again by itself. Default false: such a lock is refused.
   */
  readonly soleMount?: boolean
  /** Bytes of journal after which a snapshot is worth its cost (at least: twice the last snapshot). Default 16 MiB. */
  readonly snapshotEvery?: number
  /** Told when opening found an interrupted write or moved a damaged file aside. */
  readonly onRecovery?: (report: RecoveryReport) => void
  /** Told when a snapshot could not be written. Nothing is lost by that: the journals are kept, and it is tried again later. */
  readonly onSnapshotFailure?: (error: unknown) => void
  /** For fault tests. */
  readonly fs?: FileSystem
}

export interface FileStorage extends Storage {
  /** What the last `open` found; undefined before it and for a new store. */
  readonly recovery: () => RecoveryReport | undefined
}

/** What exists only while the store is open. */
interface Opened {
  readonly state: BatchState
  readonly incarnation: string
  /** Undefined when read-only. */
  readonly writer?: { readonly lock: Lock; readonly groups: Groups; readonly snapshots: Snapshots }
}

const SNAPSHOT_EVERY = 16 * 1024 * 1024
const READ_ATTEMPTS = 3
const OPTIONS = {
  clock: true,
  create: true,
  readOnly: true,
  soleMount: true,
  snapshotEvery: true,
  onRecovery: true,
  onSnapshotFailure: true,
  fs: true,
} as const

/**
 * State in a directory, for one process: a checksummed journal that is synced before anything is acknowledged, and snapshots.
 * Survives kill -9 and power cuts (as far as the disk keeps its word about flushing). A second process is refused.
 * Throws `ConfigError` for options it does not know; its methods throw `StorageError`: `locked`, `corrupt`, `wiped`, `unavailable`, `unknown_outcome`, `invalid`, `closed`.
 */
export function fileStorage(dir: string, options: FileStorageOptions = {}): FileStorage {
  if (typeof dir !== 'string' || dir === '')
    throw new ConfigError([{ path: 'fileStorage', message: `is ${kindOf(dir)}, expected the path of a directory.` }])
  requireOptions('fileStorage', options, OPTIONS)
  const fs = options.fs ?? nodeFileSystem
  const watchers = createWatchers()
  let clock = options.clock ?? systemClock
  let opening: Promise<Opened> | undefined
  let opened: Opened | undefined
  let recovery: RecoveryReport | undefined

  async function begin(): Promise<Opened> {
    try {
      return options.readOnly === true ? await look() : await take()
    } catch (error) {
      if (options.create === false && isMissing(error)) throw nothingThere(dir)
      throw isStorageError(error)
        ? error
        : new StorageError('unavailable', `${dir} cannot be opened: ${text(error)}. ${adviceOn(error)}`, { cause: error })
    }
  }

  async function take(): Promise<Opened> {
    if (options.create !== false) await fs.mkdir(dir)
    const lock = await acquireLock(fs, dir, options.soleMount === true)
    try {
      const found = await recover(fs, dir, false)
      if (found === undefined && options.create === false) throw nothingThere(dir)
      if (!lock.held()) throw new StorageError('locked', `${dir} was taken by another process that started at the same moment.`)
      const state = found?.state ?? createBatchState()
      const incarnation = found?.incarnation ?? randomUUID()
      const journal = await beginJournal(found, state, incarnation)
      const groups = createGroups(journal, lock, state.sequence())
      const every = options.snapshotEvery ?? SNAPSHOT_EVERY
      const snapshots = createSnapshots({ fs, dir, state, incarnation, groups, every, found, failed: options.onSnapshotFailure })
      await snapshots.sweep()
      groups.afterEach(() => snapshots.whenDue())
      recovery = found?.report
      if (recovery !== undefined && (recovery.tornBytes > 0 || recovery.quarantined.length > 0)) options.onRecovery?.(recovery)
      return { state, incarnation, writer: { lock, groups, snapshots } }
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /**
   * Every opening begins a journal of its own: what an owner that lost its lock still writes goes into the former one, beyond
   * the commit at which the new one says to begin, where nobody reads.
   */
  async function beginJournal(found: Recovered | undefined, state: BatchState, incarnation: string): Promise<JournalWriter> {
    const number = (found?.journal ?? 0) + 1
    const journal = await createJournal(fs, dir, { journal: number, first: state.sequence() + 1, incarnation })
    if (found !== undefined) await endJournal(fs, dir, found.journal)
    if (found === undefined || found.markerMissing) {
      const marker: Marker = { format: FORMAT, incarnation }
      await replaceVerified(fs, join(dir, MARKER), encodeRecord(JSON.stringify(marker)))
      await fs.syncDirectory(dir)
    }
    return journal
  }

  /** The owner may drop and begin files while we read them: look again. */
  async function look(): Promise<Opened> {
    for (let attempt = 1; ; attempt++) {
      try {
        const found = await recover(fs, dir, true)
        if (found === undefined) throw nothingThere(dir)
        recovery = found.report
        return { state: found.state, incarnation: found.incarnation }
      } catch (error) {
        if (attempt === READ_ATTEMPTS || !(isMissing(error) || (isStorageError(error) && error.code === 'corrupt'))) throw error
      }
    }
  }

  function requireOpen(): Opened {
    if (opened === undefined)
      throw new StorageError('closed', `${dir} is not open: call open() first, and nothing after close().`)
    opened.writer?.groups.requireAlive()
    return opened
  }

  return {
    info: { engine: 'file', durable: 'power-loss', shared: 'process' },
    recovery: () => recovery,
    async open(host) {
      clock = options.clock ?? host?.clock ?? clock
      opening ??= begin()
      try {
        opened = await opening
      } catch (error) {
        opening = undefined
        throw error
      }
      return { incarnation: opened.incarnation }
    },
    async commit(batches) {
      const { state, writer } = requireOpen()
      if (writer === undefined) throw new StorageError('invalid', `${dir} was opened read-only.`)
      if (batches.length > 1) for (const batch of batches) state.validate(batch)
      const now = clock.now()
      const results: BatchResult[] = []
      const accepted: Batch[] = []
      for (const batch of batches) {
        const effects: Effect[] = []
        const result = state.commit(batch, now, effects)
        if (effects.length > 0) writer.groups.add(state.sequence(), effects)
        if (result.ok) accepted.push(batch)
        results.push(result)
      }
      // Also a refusal waits: what it was judged against must not be lost after it was told.
      await writer.groups.synced()
      for (const batch of accepted) watchers.notify(batch)
      return results
    },
    async read(keys) {
      const { state, writer } = requireOpen()
      const now = clock.now()
      const entries = keys.map((key) => state.read(key, now))
      await writer?.groups.synced()
      return entries
    },
    async scan(prefix, range) {
      const { state, writer } = requireOpen()
      const entries = state.scan({ prefix, ...range }, clock.now())
      await writer?.groups.synced()
      return entries
    },
    async now() {
      requireOpen()
      return clock.now()
    },
    watch: (prefix, changed) => watchers.add(prefix, changed),
    async close() {
      // An opening that nobody waited for must not leave its lock behind.
      const closing = opened ?? (await opening?.catch(() => undefined))
      opened = undefined
      opening = undefined
      if (closing?.writer === undefined) return
      const { groups, snapshots, lock } = closing.writer
      try {
        snapshots.stop()
        await groups.close()
        await snapshots.stopped()
      } finally {
        await lock.release()
      }
    },
  }
}

function nothingThere(dir: string): StorageError {
  return new StorageError(
    'wiped',
    `${dir} holds no store. If there was one, restore it; if there never was, open with create: true once.`,
  )
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
