import { join } from 'node:path'
import type { Json } from '../../core/json.js'
import type { BatchState } from '../guarded-batch.js'
import type { Slot } from '../keyspace.js'
import { type FileSystem, ifExists } from './file-system.js'
import { checksum, decodeRecord, encodeRecord } from './record.js'

export const SNAPSHOT = 'snapshot.json'
export const PREVIOUS_SNAPSHOT = 'snapshot.prev.json'

/**
 * What `snapshot.json` holds. The keys are in part files, so that neither writing nor reading a large state
 * needs it in one piece. The parts are written while commits go on: they may hold effects of commits up to
 * `seen`, and become exact when the journals from `journal` on are replayed.
 */
export interface SnapshotManifest {
  readonly generation: number
  readonly incarnation: string
  /** The last commit before the first journal to replay. */
  readonly sequence: number
  /** The last commit whose effects may be in the parts: the journals must reach it. */
  readonly seen: number
  readonly journal: number
  readonly parts: readonly SnapshotPart[]
}

interface SnapshotPart {
  readonly name: string
  readonly bytes: number
  readonly checksum: string
}

/** One key: key, whether it is a count, content, version, expiry. */
type Row = readonly [string, 0 | 1, Json, string, number?]

const PART_BYTES = 2 * 1024 * 1024
/** How long one stretch of encoding may keep commits waiting. */
const SLICE_MS = 2

export function manifestBytes(manifest: SnapshotManifest | undefined): number {
  return manifest === undefined ? 0 : manifest.parts.reduce((sum, part) => sum + part.bytes, 0)
}

/** Writes the parts of a snapshot, each read back, giving way to commits in between. Stops with undefined when told to. */
export async function writeParts(
  fs: FileSystem,
  dir: string,
  generation: number,
  slots: Iterable<Slot>,
  stopped: () => boolean,
): Promise<SnapshotPart[] | undefined> {
  const parts: SnapshotPart[] = []
  let rows: string[] = []
  let length = 0
  async function flush(): Promise<void> {
    const name = `snapshot-${generation}-${parts.length}.part`
    const data = Buffer.from(`${rows.join('\n')}\n`)
    rows = []
    length = 0
    await replaceVerified(fs, join(dir, name), data)
    parts.push({ name, bytes: data.length, checksum: checksum(data) })
  }
  let until = performance.now() + SLICE_MS
  for (const slot of slots) {
    const row = encodeRow(slot)
    rows.push(row)
    length += row.length
    if (length >= PART_BYTES) await flush()
    if (performance.now() > until) {
      await new Promise((resolve) => setImmediate(resolve))
      if (stopped()) return undefined
      until = performance.now() + SLICE_MS
    }
  }
  if (rows.length > 0) await flush()
  return parts
}

/** Puts a manifest in place; the former one is kept as the previous. Only after this may older files be dropped. */
export async function publishManifest(fs: FileSystem, dir: string, manifest: SnapshotManifest): Promise<void> {
  await fs.syncDirectory(dir)
  const former = await ifExists(fs.readFile(join(dir, SNAPSHOT)))
  // A damaged one must not take the place of the sound one before it.
  if (former !== undefined && decodeManifest(former) !== undefined) {
    await replaceVerified(fs, join(dir, PREVIOUS_SNAPSHOT), former)
    await fs.syncDirectory(dir)
  }
  await replaceVerified(fs, join(dir, SNAPSHOT), encodeRecord(JSON.stringify(manifest)))
  await fs.syncDirectory(dir)
}

/** The manifest in a file: undefined when there is none, 'damaged' when it cannot be trusted. */
export async function readManifest(fs: FileSystem, path: string): Promise<SnapshotManifest | undefined | 'damaged'> {
  const data = await ifExists(fs.readFile(path))
  return data === undefined ? undefined : (decodeManifest(data) ?? 'damaged')
}

function decodeManifest(data: Buffer): SnapshotManifest | undefined {
  const whole = data.at(-1) === 10 ? decodeRecord(data.subarray(0, -1)) : undefined
  return whole?.body as SnapshotManifest | undefined
}

/** Fills an empty state from a snapshot; false when a part is missing or damaged (the state is then useless). */
export async function loadSnapshot(fs: FileSystem, dir: string, manifest: SnapshotManifest, state: BatchState): Promise<boolean> {
  for (const part of manifest.parts) {
    const data = await ifExists(fs.readFile(join(dir, part.name)))
    if (data === undefined || data.length !== part.bytes || checksum(data) !== part.checksum) return false
    for (const line of data.toString('utf8', 0, data.length - 1).split('\n')) {
      const [key, isCount, content, version, expiresAt] = JSON.parse(line) as Row
      state.keyspace.set(state.keyspace.find(key), key, isCount === 1, content, version, expiresAt)
    }
  }
  state.setSequence(manifest.sequence)
  return true
}

/** The library that writes files ignores short writes, so what it wrote is compared before it takes the place of anything. */
export async function replaceVerified(fs: FileSystem, path: string, data: Buffer): Promise<void> {
  const draft = `${path}.new`
  await fs.replace(draft, data)
  const written = await fs.readFile(draft)
  if (!written.equals(data)) {
    await fs.unlink(draft)
    throw new Error(`${path} was not replaced: ${written.length} bytes arrived that are not the ${data.length} written.`)
  }
  await fs.rename(draft, path)
}

function encodeRow(slot: Slot): string {
  const row: Row =
    slot.expiresAt === undefined
      ? [slot.key, slot.isCount ? 1 : 0, slot.content, slot.version]
      : [slot.key, slot.isCount ? 1 : 0, slot.content, slot.version, slot.expiresAt]
  return JSON.stringify(row)
}
