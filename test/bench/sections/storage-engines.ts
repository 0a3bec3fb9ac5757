import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { fileStorage } from '../../../src/storage/file/index.js'
import { memoryStorage } from '../../../src/storage/memory.js'
import type { Storage } from '../../../src/storage/storage.js'
import { type Connection, PEER_WINDOW_S } from '../../prove/engine.js'
import { SHARED_ENGINES } from '../../prove/engines.js'

export interface OpenEngine {
  readonly storage: Storage
  /** rate-limiter-flexible on the same engine, where it has one. */
  readonly peer?: Connection['peer']
  close(): Promise<void>
}

export interface BenchEngine {
  /** Operations per round at 64 callers; fewer with fewer. */
  readonly perRound: number
  open(): Promise<OpenEngine>
}

const memory: BenchEngine = {
  perRound: 20_000,
  async open() {
    const storage = memoryStorage()
    await storage.open()
    return {
      storage,
      peer: (keyPrefix, points) => {
        const limiter = new RateLimiterMemory({ keyPrefix, points, duration: PEER_WINDOW_S })
        return { consume: (key) => limiter.consume(key), used: async (key) => (await limiter.get(key))?.consumedPoints ?? 0 }
      },
      close: () => storage.close(),
    }
  },
}

const file: BenchEngine = {
  perRound: 10_000,
  async open() {
    const dir = await mkdtemp(join(tmpdir(), 'sendwarden-bench-'))
    const storage = fileStorage(dir)
    await storage.open()
    return {
      storage,
      async close() {
        await storage.close()
        await rm(dir, { recursive: true })
      },
    }
  },
}

function shared(name: string, perRound: number): BenchEngine {
  return {
    perRound,
    async open() {
      const engine = SHARED_ENGINES[name]
      const missing = engine === undefined ? `there is no engine ${name}` : await engine.missing()
      if (engine === undefined || missing !== undefined) throw new Error(`Not measured: ${missing}.`)
      const namespace = `sendwarden_bench_${process.pid}`
      await engine.prepare(namespace)
      const { storage, peer, close } = await engine.connect(namespace)
      return {
        storage,
        peer,
        async close() {
          await close()
          await engine.drop(namespace)
        },
      }
    },
  }
}

export const ENGINES: Readonly<Record<string, BenchEngine>> = {
  memory,
  file,
  sqlite: shared('sqlite', 10_000),
  redis: shared('redis', 4000),
  postgres: shared('postgres', 1500),
}
