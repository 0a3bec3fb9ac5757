import type { GhlRequest } from '../core/request.js'
import { exportRequest, mailRequest, type Polled, readExport, readMailWhole } from '../ghl/index.js'
import { refusals, reserve } from '../limits/index.js'
import type { Apply } from './apply-feedback.js'
import { askGhl, tellUnread } from './ask-ghl.js'
import type { Core } from './core.js'
import { countIdentity, feedbackIdentity, inboundIdentity } from './feedback-identity.js'
import { MAX_EVENT_AGE_MS } from './feedback-memory.js'
import { keys } from './keys.js'
import { readWindows } from './windows.js'

export interface CatchUpOptions {
  /** Messages written from then on, ms; default three days ago, at most 30 days. */
  readonly since?: number
  /** Default: the account's location. */
  readonly locationId?: string
  /** GHL calls it may take, default 100. */
  readonly maxCalls?: number
}

/** What a catch-up came to. */
export interface CatchUp {
  /** Events that were new. */
  readonly handled: number
  /** Events that were told before. */
  readonly duplicates: number
  readonly calls: number
  /** Everything since was looked at. */
  readonly complete: boolean
  /** Where it is not: go on from here, ms. */
  readonly resumeFrom?: number
  /** Where GHL's limits ended it: not before then, ms. */
  readonly retryAt?: number
}

const DAY_MS = 24 * 3_600_000

/** Throws `TypeError` where there is nothing to read from, `StorageError` where it cannot be kept. */
export async function catchUp(core: Core, apply: Apply, options: CatchUpOptions = {}): Promise<CatchUp> {
  const http = core.http()
  const locationId = options.locationId ?? core.policy.account.locationId ?? http?.locationId
  if (http === undefined || locationId === undefined)
    throw new TypeError('A catch-up needs a transport and a location: pass `http` and `account.locationId` to createGateway.')
  await core.known.open()
  const now = core.clock.now()
  const since = Math.max(options.since ?? now - 3 * DAY_MS, now - MAX_EVENT_AGE_MS)
  const place = { host: http.host, locationId }
  const reader = createReader(core, locationId, options.maxCalls ?? 100)
  let [handled, duplicates] = [0, 0]
  const resume: number[] = []

  const take = async (polled: Polled): Promise<boolean> => {
    let { feedback } = polled
    if (polled.mail !== undefined) {
      if (await wasTold(core, polled.mail)) {
        duplicates++
        return true
      }
      const body = await reader.read(mailRequest(polled.mail.id, place))
      if (body === undefined) return false
      feedback = readMailWhole(body, polled.mail, polled.at)
    }
    if (feedback === undefined) return true
    if (await apply(feedback, feedbackIdentity(feedback, ''), 'catch_up')) handled++
    else duplicates++
    return true
  }

  for (const channel of ['Email', undefined] as const) {
    let reached = since
    let cursor: string | undefined
    do {
      const body = await reader.read(
        exportRequest({ ...place, since, ...(channel !== undefined && { channel }), ...(cursor !== undefined && { cursor }) }),
      )
      const page = body === undefined ? null : readExport(body)
      if (page === null) {
        resume.push(reached)
        break
      }
      cursor = page.cursor
      for (const polled of page.polled) {
        if (!(await take(polled))) {
          resume.push(reached)
          cursor = undefined
          break
        }
        reached = Math.max(reached, polled.at)
      }
    } while (cursor !== undefined)
  }
  const { calls, retryAt } = reader
  const complete = resume.length === 0
  return {
    handled,
    duplicates,
    calls,
    complete,
    ...(!complete && { resumeFrom: Math.min(...resume) }),
    ...(retryAt !== undefined && { retryAt }),
  }
}

/** Whether reading an e-mail whole would tell nothing new: each costs a call. */
async function wasTold({ storage }: Core, { fate, id, messageId }: NonNullable<Polled['mail']>): Promise<boolean> {
  const identity = fate === 'inbound' ? inboundIdentity(messageId) : countIdentity(id, 'bounce')
  const [told] = await storage.read([keys.told(identity)])
  return Boolean(told)
}

/** Reads from GHL inside its limits, shared with every action; undefined = not now. */
function createReader(core: Core, location: string, maxCalls: number) {
  const reader = {
    calls: 0,
    retryAt: undefined as number | undefined,
    async read(request: GhlRequest): Promise<unknown> {
      if (reader.calls >= maxCalls) return undefined
      const now = core.clock.now()
      const told = core.budget.exhausted(location, now)
      const windows = core.policy.limits.ghl.windows({ location, calls: 1 })
      const [reserved] = told === undefined ? await core.storage.commit([reserve(windows, now)]) : []
      if (reserved?.ok !== true) {
        reader.retryAt =
          told?.retryAt ?? refusals(windows, await readWindows(core.storage, windows, now), now)[0]?.retryAt ?? now + 10_000
        return undefined
      }
      reader.calls++
      const answer = await askGhl(core, location, request)
      if (!('unread' in answer)) {
        if (answer.status === 200) return answer.body
        // An e-mail that is gone says nothing; the others are still to be read.
        if (answer.status === 404) return {}
      }
      tellUnread(core, request, answer)
      return undefined
    },
  }
  return reader
}
