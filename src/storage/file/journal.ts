import { join } from 'node:path'
import type { Effect } from '../guarded-batch.js'
import { type FileSystem, type OpenFile, writeFully } from './file-system.js'
import { decodeRecord, encodeRecord } from './record.js'

/** The first record of a journal. */
export interface JournalHeader {
  readonly journal: number
  /** The number of the first commit that may stand here. */
  readonly first: number
  readonly incarnation: string
}

/** One commit as it is kept: its number and what it did. */
export type Commit = readonly [sequence: number, effects: readonly Effect[]]

/** The last record of a journal that is over. Bytes after it are the late writes of an owner that lost its lock. */
interface JournalEnd {
  readonly next: number
}

export interface JournalWriter {
  readonly number: number
  /** Makes one group durable. Throws when any byte may not have arrived; the journal must not be used again. */
  append(record: Buffer): Promise<void>
  bytes(): number
  close(): Promise<void>
}

export function journalName(number: number): string {
  return `journal-${String(number).padStart(8, '0')}.log`
}

/** The journals among a directory's files, in order. */
export function journalNumbers(names: readonly string[]): number[] {
  return names.flatMap((name) => (/^journal-\d{8,}\.log$/.test(name) ? [Number(name.slice(8, -4))] : [])).sort((a, b) => a - b)
}

/** Creates a journal that will still be there after a power cut. */
export async function createJournal(fs: FileSystem, dir: string, header: JournalHeader): Promise<JournalWriter> {
  const path = join(dir, journalName(header.journal))
  await (await fs.open(path, 'wx')).close()
  // Append mode: an owner that lost its lock can only ever add to the end, where readers do not look.
  const file = await fs.open(path, 'a')
  let bytes = 0
  async function append(record: Buffer): Promise<void> {
    await writeFully(file, record)
    await file.datasync()
    bytes += record.length
  }
  try {
    await append(encodeRecord(JSON.stringify(header)))
    await fs.syncDirectory(dir)
  } catch (error) {
    await file.close()
    throw error
  }
  return { number: header.journal, append, bytes: () => bytes, close: () => file.close() }
}

/** Notes at the end of a journal that another follows, so that the loss of that other one is noticed. */
export async function endJournal(fs: FileSystem, dir: string, number: number): Promise<void> {
  const file = await fs.open(join(dir, journalName(number)), 'a')
  try {
    const end: JournalEnd = { next: number + 1 }
    await writeFully(file, encodeRecord(JSON.stringify(end)))
    await file.datasync()
  } finally {
    await file.close()
  }
}

export interface JournalReading {
  readonly header: JournalHeader | undefined
  readonly ended: boolean
  /** Where the last whole record ends. */
  readonly goodBytes: number
  /** What follows it; empty when nothing does. */
  readonly tail: Buffer
}

const CHUNK_BYTES = 4 * 1024 * 1024

/** Reads records until the journal ends, one is unreadable, or `take` says that it wants no more. */
export async function readJournal(
  path: string,
  fs: FileSystem,
  take: (commit: Commit) => 'more' | 'enough',
): Promise<JournalReading> {
  const file = await fs.open(path, 'r')
  try {
    let header: JournalHeader | undefined
    let goodBytes = 0
    for await (const line of readLines(file)) {
      const record = decodeRecord(line)
      if (record === undefined) break
      goodBytes += line.length + 1
      // The checksum says that we wrote it, so its shape is ours.
      const body = record.body as JournalHeader | JournalEnd | readonly Commit[]
      if (isGroup(body)) {
        if (header === undefined) break
        for (const commit of body) {
          if (take(commit) === 'enough') return { header, ended: false, goodBytes, tail: Buffer.alloc(0) }
        }
      } else if ('next' in body) return { header, ended: true, goodBytes, tail: Buffer.alloc(0) }
      else header = body
    }
    return { header, ended: false, goodBytes, tail: await readFrom(file, goodBytes) }
  } finally {
    await file.close()
  }
}

function isGroup(body: JournalHeader | JournalEnd | readonly Commit[]): body is readonly Commit[] {
  return Array.isArray(body)
}

/** Whole lines, without their line breaks. Bytes after the last line break are not a line. */
async function* readLines(file: OpenFile): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  let position = 0
  const size = await file.size()
  while (position < size) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - position))
    const count = await file.read(chunk, position)
    if (count === 0) return
    position += count
    const data = rest.length === 0 ? chunk.subarray(0, count) : Buffer.concat([rest, chunk.subarray(0, count)])
    let start = 0
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
      yield data.subarray(start, end)
      start = end + 1
    }
    rest = data.subarray(start)
  }
}

async function readFrom(file: OpenFile, position: number): Promise<Buffer> {
  const data = Buffer.alloc(Math.max(0, (await file.size()) - position))
  let have = 0
  while (have < data.length) {
    const count = await file.read(data.subarray(have), position + have)
    if (count === 0) break
    have += count
  }
  return data.subarray(0, have)
}
