import { join } from 'node:path'
import type { Effect } from '../guarded-batch.js'
import { type FileSystem, type OpenFile, writeFully } from './file-system.js'
import { decodeRecord, encodeRecord, type Tail, takeTail } from './record.js'

/**
 * A journal is: a header, an end, records, zeros. It is written over zeros that are already on disk. So there is always a zero
 * after the last record, and a journal that was cut shows it; and a sync need not change the size of the file.
 */
export interface JournalHeader {
  readonly journal: number
  /** The number of the first commit that may stand here. */
  readonly first: number
  readonly incarnation: string
}

/** One commit as it is kept: its number and what it did. */
export type Commit = readonly [sequence: number, effects: readonly Effect[]]

/** Says that a journal is over. Its place is its own: the late writes of an owner that lost its lock never reach it. */
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

const END_AT = 256
const RECORDS_AT = 512
/** Zeros are written in such pieces, growing with the journal: a small piece for a quick start, larger ones so that they are few. */
const LEAST_ZEROS = 64 * 1024
const MOST_ZEROS = 1024 * 1024
const READ_BYTES = 4 * 1024 * 1024

export function journalName(number: number): string {
  return `journal-${String(number).padStart(8, '0')}.log`
}

/** The journals among a directory's files, in order. */
export function journalNumbers(names: readonly string[]): number[] {
  return names.flatMap((name) => (/^journal-\d{8,}\.log$/.test(name) ? [Number(name.slice(8, -4))] : [])).sort((a, b) => a - b)
}

/** Creates a journal that will still be there after a power cut. */
export async function createJournal(fs: FileSystem, dir: string, header: JournalHeader): Promise<JournalWriter> {
  const file = await fs.open(join(dir, journalName(header.journal)), 'wx')
  let end = RECORDS_AT
  let size = 0
  async function extend(needed: number): Promise<void> {
    const zeros = Buffer.alloc(needed - size + Math.min(Math.max(size, LEAST_ZEROS), MOST_ZEROS))
    if (size === 0) encodeRecord(JSON.stringify(header)).copy(zeros)
    await writeFully(file, zeros, size)
    // Before a record goes there: a power cut must not leave the record without the zeros after it.
    await file.datasync()
    size += zeros.length
  }
  try {
    await extend(RECORDS_AT + 1)
    await fs.syncDirectory(dir)
  } catch (error) {
    await file.close()
    throw error
  }
  return {
    number: header.journal,
    async append(record) {
      if (end + record.length >= size) await extend(end + record.length + 1)
      await writeFully(file, record, end)
      await file.datasync()
      end += record.length
    },
    bytes: () => end - RECORDS_AT,
    close: () => file.close(),
  }
}

/** Notes in a journal that another follows, so that the loss of that other one is noticed. */
export async function endJournal(fs: FileSystem, dir: string, number: number): Promise<void> {
  const file = await fs.open(join(dir, journalName(number)), 'r+')
  try {
    const end: JournalEnd = { next: number + 1 }
    await writeFully(file, encodeRecord(JSON.stringify(end)), END_AT)
    await file.datasync()
  } finally {
    await file.close()
  }
}

export interface JournalHead {
  /** Undefined when it is not readable. */
  readonly header: JournalHeader | undefined
  /** `damaged` also while an interrupted `endJournal` has half written it. */
  readonly end: 'none' | 'ended' | 'damaged'
}

export async function readJournalHead(path: string, fs: FileSystem): Promise<JournalHead> {
  return await reading(path, fs, async (file) => {
    const head = await readFrom(file, 0, RECORDS_AT)
    const end = head.subarray(END_AT)
    const next = firstLine(end) as JournalEnd | undefined
    return {
      header: firstLine(head.subarray(0, END_AT)) as JournalHeader | undefined,
      end: next !== undefined ? 'ended' : end.every((byte) => byte === 0) ? 'none' : 'damaged',
    }
  })
}

export interface JournalReading {
  /** Of the whole records. */
  readonly bytes: number
  /** What follows them; not known when `take` had enough before. */
  readonly tail: Tail | undefined
}

/** Reads records until one is unreadable, or `take` says that it wants no more. */
export async function readJournal(
  path: string,
  fs: FileSystem,
  take: (commit: Commit) => 'more' | 'enough',
): Promise<JournalReading> {
  return await reading(path, fs, async (file) => {
    let bytes = 0
    // The checksum says that we wrote it, so its shape is ours.
    const wants = (body: unknown) => (body as readonly Commit[]).every((commit) => take(commit) === 'more')
    while (true) {
      const before = bytes
      for await (const line of readLines(file, RECORDS_AT + bytes)) {
        const record = decodeRecord(line)
        if (record === undefined) break
        bytes += line.length + 1
        if (!wants(record.body)) return { bytes, tail: undefined }
      }
      const position = RECORDS_AT + bytes
      const { tail, record } = takeTail(await readFrom(file, position, (await file.size()) - position), position)
      if (record !== undefined && !wants(record.body)) return { bytes, tail: undefined }
      // Read without the lock, it may have grown while it was read: what looks damaged is then another record.
      if (tail.kind !== 'damaged' || bytes === before) return { bytes, tail }
    }
  })
}

async function reading<T>(path: string, fs: FileSystem, read: (file: OpenFile) => Promise<T>): Promise<T> {
  const file = await fs.open(path, 'r')
  try {
    return await read(file)
  } finally {
    await file.close()
  }
}

function firstLine(data: Buffer): unknown {
  const end = data.indexOf(10)
  return end < 0 ? undefined : decodeRecord(data.subarray(0, end))?.body
}

/** Whole lines, without their line breaks. Bytes after the last line break are not a line. */
async function* readLines(file: OpenFile, from: number): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  let position = from
  const size = await file.size()
  while (position < size) {
    const chunk = await readFrom(file, position, Math.min(READ_BYTES, size - position))
    if (chunk.length === 0) return
    position += chunk.length
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
      yield data.subarray(start, end)
      start = end + 1
    }
    rest = data.subarray(start)
  }
}

async function readFrom(file: OpenFile, position: number, length: number): Promise<Buffer> {
  const data = Buffer.allocUnsafe(Math.max(0, length))
  let have = 0
  while (have < data.length) {
    const count = await file.read(data.subarray(have), position + have)
    if (count === 0) break
    have += count
  }
  return data.subarray(0, have)
}
