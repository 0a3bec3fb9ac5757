import { isStorageError } from '../../src/core/errors.js'
import { type FileSystem, fileStorage } from '../../src/storage/file/index.js'
import { type Audit, audit, type Book, sendNext } from './ledger.js'

const DIR = '/store'
const CALLERS = ['a', 'b', 'c']
/** Small enough that each life writes snapshots. */
const SNAPSHOT_EVERY = 600

interface Life {
  readonly fs: FileSystem
  readonly book: Book
  /** Sends of each caller. */
  readonly sends: number
  readonly close: boolean
  readonly dir?: string
}

/**
 * One life of a store: opening, several callers at once, snapshots beside them, closing. Ends at the first failure; returns what
 * a failed store must not do.
 */
export async function live({ fs, book, sends, close, dir = DIR }: Life): Promise<string[]> {
  const storage = fileStorage(dir, { fs, snapshotEvery: SNAPSHOT_EVERY })
  const faults: string[] = []
  function judge(error: unknown): void {
    if (!isStorageError(error)) faults.push(`a failure was not told as a StorageError: ${String(error)}`)
  }
  try {
    await storage.open()
  } catch (error) {
    judge(error)
    return faults
  }
  async function caller(name: string): Promise<boolean> {
    try {
      for (let n = 0; n < sends; n++) await sendNext(storage, book, name)
      return true
    } catch (error) {
      judge(error)
      return false
    }
  }
  // Callers of their own: a failed send is not made again, so each counts from 1 without a gap.
  const life = book.attempted.size
  const whole = await Promise.all(CALLERS.map((name) => caller(`${name}${life}`)))
  if (whole.includes(false)) {
    const answered = await storage.read(['q/month']).then(
      () => true,
      () => false,
    )
    if (answered) faults.push('a store answered after a write had failed')
  }
  if (close) await storage.close().catch(() => undefined)
  return faults
}

/** Opens what is left on a sound file system and compares it with the book. */
export async function auditLeft(fs: FileSystem, book: Book, dir = DIR): Promise<Audit> {
  const storage = fileStorage(dir, { fs })
  try {
    await storage.open()
    const found = await audit(storage, book)
    const quarantined = storage.recovery()?.quarantined ?? []
    return quarantined.length === 0
      ? found
      : { ...found, faults: [...found.faults, `${quarantined.join(', ')} had been replaced by a bad one`] }
  } catch (error) {
    return { lost: 0, faults: [`what was left cannot be opened: ${error instanceof Error ? error.message : String(error)}`] }
  } finally {
    await storage.close()
  }
}
