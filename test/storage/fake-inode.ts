const SECTOR_BYTES = 512

interface Write {
  readonly position: number
  readonly bytes: Buffer
  /** What stood there before; shorter where the file was. */
  readonly before: Buffer
  /** `lost`: a sync failed, so the system dropped it from its cache, though it is still shown. A later sync does not bring it back. */
  fate: 'pending' | 'durable' | 'lost'
}

/** The bytes of a file: as everybody sees them, and what of them a power cut would leave. */
export interface Inode {
  readonly id: number
  data(): Buffer
  write(bytes: Uint8Array, position: number): void
  sync(): void
  failSync(): void
  /** Keeps of each unsynced write the sectors that `keep` says; everything that is then there is on disk. */
  losePower(keep: () => boolean): void
}

export function createInode(id: number, initial: Buffer = Buffer.alloc(0)): Inode {
  let data = initial
  /** The initial bytes may belong to somebody else. */
  let own = false
  let writes: Write[] = []

  function put(bytes: Uint8Array, position: number): void {
    const size = Math.max(data.length, position + bytes.length)
    if (!own || size > data.length) data = Buffer.concat([data], size)
    own = true
    data.set(bytes, position)
  }

  return {
    id,
    data: () => data,
    write(bytes, position) {
      const before = Buffer.from(data.subarray(position, position + bytes.length))
      writes.push({ position, bytes: Buffer.from(bytes), before, fate: 'pending' })
      put(bytes, position)
    },
    sync() {
      for (const write of writes) if (write.fate === 'pending') write.fate = 'durable'
      if (writes.every(({ fate }) => fate === 'durable')) writes = []
    },
    failSync() {
      for (const write of writes) if (write.fate === 'pending') write.fate = 'lost'
    },
    losePower(keep) {
      if (writes.length === 0) return
      const all = writes
      writes = []
      for (const { position, bytes, before } of all.toReversed()) {
        put(before, position)
        if (before.length < bytes.length) data = data.subarray(0, position + before.length)
      }
      for (const { position, bytes, fate } of all) {
        if (fate === 'durable') put(bytes, position)
        if (fate !== 'pending') continue
        for (let from = 0; from < bytes.length; ) {
          const to = Math.min(bytes.length, from + SECTOR_BYTES - ((position + from) % SECTOR_BYTES))
          if (keep()) put(bytes.subarray(from, to), position + from)
          from = to
        }
      }
    },
  }
}
