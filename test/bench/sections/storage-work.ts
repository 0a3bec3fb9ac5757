import type { Json } from '../../../src/core/json.js'
import type { Op } from '../../../src/core/storage-ops.js'
import { emailLimits, reserve } from '../../../src/limits/index.js'
import type { Storage } from '../../../src/storage/storage.js'
import type { Connection } from '../../prove/engine.js'

const NO_LIMIT = 1e9
const DOMAINS = 50
const { windows } = emailLimits({
  perMonth: NO_LIMIT,
  perDay: NO_LIMIT,
  perHour: NO_LIMIT,
  perDomainHour: NO_LIMIT,
  minDelayMs: 0,
})
const REQUESTS = Array.from({ length: DOMAINS }, (_, index) => ({
  location: 'location_1',
  zone: 'America/New_York',
  recipients: { total: 1, byDomain: { [`company${index}.example`]: 1 } },
}))

let turn = 0

function fourWindows(): readonly Op[] {
  const request = REQUESTS[turn++ % DOMAINS]
  return request === undefined ? [] : reserve(windows(request), Date.now())
}

/** Month, day, hour and the recipient domain's hour, all or nothing. */
export function admissionOn(storage: Storage): () => Promise<void> {
  return async () => accepted(await storage.commit([fourWindows()]))
}

/** The same four at the peer: each is asked by itself, and what one refuses the others have counted. */
export function peerAdmissionOn(peer: Connection['peer']): () => Promise<unknown> {
  const [month, day, hour, domain] = ['month', 'day', 'hour', 'domain'].map((name) => peer(name, NO_LIMIT))
  return () => {
    const key = `company${turn++ % DOMAINS}.example`
    return Promise.all([month?.consume('all'), day?.consume('all'), hour?.consume('all'), domain?.consume(key)])
  }
}

/** A message and an audit record of the size they have in life. */
const INTENT: Json = {
  state: 'sending',
  agent: 'outreach',
  digest: 'd'.repeat(64),
  message: { subject: 'Notes', html: 'x'.repeat(1000) },
}
const RECORD: Json = { v: 1, kind: 'intent', agent: 'outreach', requestDigest: 'd'.repeat(64), note: 'x'.repeat(350) }

/** What the gateway commits for one e-mail, without the gateway: begin with its checks, reservations, intent and record, then end. */
export function actionOn(storage: Storage): () => Promise<void> {
  return async () => {
    const id = `${process.pid}-${turn}`
    const begin: readonly Op[] = [
      { op: 'check', key: 'bench/system', version: null },
      { op: 'check', key: 'bench/breaker', version: null },
      { op: 'check', key: `bench/suppressed/${turn % 1000}`, version: null },
      { op: 'put', key: `bench-intent/${id}`, value: INTENT, version: null },
      ...fourWindows(),
      { op: 'put', key: `bench-outbox/${id}-begin`, value: RECORD },
    ]
    const [begun] = await storage.commit([begin])
    const version = begun?.ok ? begun.versions[3] : undefined
    if (version === undefined) throw new Error(`Not begun: ${JSON.stringify(begun)}`)
    accepted(
      await storage.commit([
        [
          { op: 'del', key: `bench-intent/${id}`, version },
          { op: 'add', key: 'bench/sent', by: 1 },
          { op: 'put', key: `bench-outbox/${id}-end`, value: RECORD, expiresAt: Date.now() + 60_000 },
        ],
      ]),
    )
  }
}

function accepted([result]: Awaited<ReturnType<Storage['commit']>>): void {
  if (result?.ok !== true) throw new Error(`Not accepted: ${JSON.stringify(result)}`)
}
