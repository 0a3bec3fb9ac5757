import { RateLimiterMemory, RateLimiterUnion } from 'rate-limiter-flexible'
import { createLocalLimiter, emailLimits, reserve } from '../../../src/limits/index.js'
import { memoryStorage } from '../../../src/storage/memory.js'
import { measure } from '../measure.js'
import type { Row } from '../report.js'

const N = 20_000
const DOMAINS = 50
const NO_LIMIT = 1e9

/** Four windows reserved all or nothing (month, day, hour, recipient domain's hour), beside a union of four limiters. */
export async function limits(): Promise<readonly Row[]> {
  const { windows } = emailLimits({
    perMonth: NO_LIMIT,
    perDay: NO_LIMIT,
    perHour: NO_LIMIT,
    perDomainHour: NO_LIMIT,
    minDelayMs: 0,
  })
  const requests = Array.from({ length: DOMAINS }, (_, index) => ({
    location: 'location_1',
    zone: 'America/New_York',
    recipients: { total: 1, byDomain: { [`company${index}.example`]: 1 } },
  }))
  const requestOf = (turn: number) => requests[turn % DOMAINS] ?? { location: 'l', zone: 'UTC', recipients: { total: 1 } }
  const storage = memoryStorage()
  await storage.open()
  const fixed = createLocalLimiter(windows(requestOf(0)))
  const full = windows({ ...requestOf(0), location: 'full' }).map((window) => ({ ...window, limit: 0 }))
  const fullLimiter = createLocalLimiter(full)
  const union = new RateLimiterUnion(
    ...[30 * 86_400, 86_400, 3600, 3600].map(
      (duration, index) => new RateLimiterMemory({ points: NO_LIMIT, duration, keyPrefix: `w${index}` }),
    ),
  )
  const fullUnion = new RateLimiterUnion(
    ...[1, 2, 3, 4].map((index) => new RateLimiterMemory({ points: 0, duration: 3600, keyPrefix: `f${index}` })),
  )
  let passed = 0

  const took = await measure({
    reserve: {
      n: N,
      run: (n) => {
        for (let i = 0; i < n; i++) passed += reserve(windows(requestOf(i)), Date.now()).length
      },
    },
    commit: {
      n: N,
      run: async (n) => {
        for (let i = 0; i < n; i++) {
          const [result] = await storage.commit([reserve(windows(requestOf(i)), Date.now())])
          if (result?.ok) passed++
        }
      },
    },
    local: {
      n: N,
      run: (n) => {
        for (let i = 0; i < n; i++) if (fixed.take().verdict === 'allow') passed++
      },
    },
    union: {
      n: N,
      run: async (n) => {
        for (let i = 0; i < n; i++) if (await union.consume(String(i % DOMAINS))) passed++
      },
    },
    refused: {
      n: N / 10,
      run: (n) => {
        for (let i = 0; i < n; i++) if (fullLimiter.take().verdict === 'deny') passed++
      },
    },
    unionRefused: {
      n: N / 10,
      run: async (n) => {
        for (let i = 0; i < n; i++)
          await fullUnion.consume('all').catch(() => {
            passed++
          })
      },
    },
  })
  const peer = { name: 'rate-limiter-flexible', rounds: took.union }
  const target = { fasterThanPeer: 1 } as const
  if (passed === 0) throw new Error('Nothing was measured.')
  return [
    { what: 'reserve alone: windows to operations', rounds: took.reserve },
    { what: 'reserve + commit on memory storage', rounds: took.commit, peer, target },
    { what: 'createLocalLimiter.take()', rounds: took.local, peer, target },
    {
      what: 'take() refused, four reasons told',
      rounds: took.refused,
      peer: { name: peer.name, rounds: took.unionRefused },
      target,
    },
    { what: 'rate-limiter-flexible union of four', rounds: took.union },
    { what: 'rate-limiter-flexible union, refused', rounds: took.unionRefused },
  ]
}
