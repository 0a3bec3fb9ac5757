import { redact } from '../audit/index.js'
import type { Channel } from '../core/contact.js'
import type { Json } from '../core/json.js'
import type { Outcome } from '../core/outcome.js'
import type { Entry, Op } from '../core/storage-ops.js'
import { cancelRequest, readCancellation, scheduledId } from '../ghl/index.js'
import { charge } from '../limits/index.js'
import { type Attempt, UNKNOWN_LOCATION } from './attempt.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { recipientKeysOf } from './people.js'
import { operatorRecord, recordOp } from './records.js'
import { scanAll } from './scan-all.js'

/** A message of ours that GHL keeps until its time. */
export interface ScheduledMessage {
  /** GHL's id; of an e-mail its `emailMessageId`. */
  readonly messageId: string
  readonly channel: Channel
  readonly contactIds: readonly string[]
  readonly location: string
  /** ms since 1970 */
  readonly sendAt: number
}

/** What became of a scheduled message to somebody who was suppressed meanwhile. */
export interface ScheduledNews extends ScheduledMessage {
  readonly cancelled: boolean
  /** Why it could not be cancelled: it would still leave. */
  readonly reason?: string
}

/** What GHL still keeps. People who were suppressed after it was scheduled do not get it. */
export interface Scheduled {
  list(): AsyncIterable<ScheduledMessage>
  /**
   * Cancels in GHL what goes to somebody on the suppression list. Runs by itself after each suppression; call it from
   * time to time, for what a crash or a GHL that did not answer left over. Throws `StorageError`.
   */
  cancelSuppressed(): Promise<readonly ScheduledNews[]>
}

interface Stored extends ScheduledMessage {
  /** Under which of these the people it goes to may be suppressed. */
  readonly recipients: readonly string[]
}

const PAGE = 200
const DEADLINE_MS = 10_000
/** It is remembered a little longer than GHL keeps it: clocks differ. */
const SLACK_MS = 3_600_000

/** Remembers what GHL was asked to send later, in the commit that closes the action. */
export function scheduledOps(attempt: Attempt, outcome: Outcome, now: number): readonly Op[] {
  const { message } = attempt.classified
  if (outcome.status !== 'executed' || message?.sendAt === undefined || message.sendAt <= now) return []
  const messageId = scheduledId(message.channel, outcome.value)
  if (messageId === undefined) return []
  const { channel, sendAt } = message
  const recipients = recipientKeysOf(attempt, true)
  const value: Stored = { messageId, channel, contactIds: attempt.contactIds, location: attempt.location, sendAt, recipients }
  return [{ op: 'put', key: keys.scheduled(attempt.id), value: value as unknown as Json, expiresAt: sendAt + SLACK_MS }]
}

/**
 * Somebody may have said no while GHL was being asked: whoever wrote that down found nothing to cancel yet. Of a no that
 * comes later, its writer finds the message. Never throws: what was done is done.
 */
export async function cancelIfSuppressed(core: Core, ops: readonly Op[]): Promise<void> {
  const written = ops.find((op) => op.op === 'put' && op.key.startsWith(keys.scheduledAll))
  if (written?.op !== 'put') return
  try {
    if (await isSuppressed(core, written.value as unknown as Stored)) core.suppressed()
  } catch (error) {
    core.tell('fault', error)
  }
}

export function createScheduled(core: Core): Scheduled {
  async function* stored(): AsyncGenerator<{ readonly entry: Entry; readonly message: Stored }> {
    await core.known.open()
    for await (const entry of scanAll(core.storage, keys.scheduledAll, { page: PAGE }))
      yield { entry, message: entry.value as unknown as Stored }
  }

  async function cancel({ entry, message }: { entry: Entry; message: Stored }): Promise<ScheduledNews | undefined> {
    const { storage, policy, clock, sealer } = core
    const { recipients, ...told } = message
    const answer = await askGhl(core, message)
    if (answer !== 'cancelled' && answer !== 'gone') return { ...told, cancelled: false, reason: answer }
    const now = clock.now()
    const ghl = policy.limits.ghl.windows({ location: message.location, calls: 1 })
    const { messageId, channel } = message
    await storage.commit([
      [
        { op: 'del', key: entry.key, version: entry.version },
        ...ghl.flatMap((window) => charge(window, 1, now)),
        recordOp(operatorRecord(now, 'gateway', 'scheduled.cancel', policy, { messageId, channel, answer })),
      ],
    ])
    sealer.wrote()
    return answer === 'cancelled' ? { ...told, cancelled: true } : undefined
  }

  return {
    async *list() {
      const now = core.clock.now()
      for await (const { message } of stored()) {
        const { recipients, ...told } = message
        if (told.sendAt > now) yield told
      }
    },
    async cancelSuppressed() {
      const all: ScheduledNews[] = []
      const now = core.clock.now()
      for await (const each of stored()) {
        if (each.message.sendAt <= now || !(await isSuppressed(core, each.message))) continue
        const news = await cancel(each)
        if (news === undefined) continue
        all.push(news)
        core.tell('scheduled', news)
      }
      return all
    },
  }
}

/** Whether any of the people it goes to is on the list now. */
async function isSuppressed({ storage }: Core, { recipients }: Stored): Promise<boolean> {
  const found = await storage.read(recipients.map(keys.suppressed))
  return found.some((entry) => entry !== null)
}

/** What GHL said, or why it could not be asked. */
async function askGhl(core: Core, { channel, messageId, location }: Stored): Promise<string> {
  const http = core.http()
  if (http === undefined) return 'No transport is configured: pass `http` to createGateway, or wrap a client.'
  try {
    const locationId = location === UNKNOWN_LOCATION ? http.locationId : location
    const request = cancelRequest(channel, messageId, { host: http.host, ...(locationId !== undefined && { locationId }) })
    const response = await http.send(request, { signal: AbortSignal.timeout(DEADLINE_MS) })
    const found = readCancellation(response)
    return found === 'failed' ? `GHL answered ${response.status}.` : found
  } catch (error) {
    return redact(error instanceof Error ? error.message : String(error))
  }
}

/** Cancels after each suppression, in the background. */
export interface Canceller {
  /** Somebody was put on the list. Never throws, never blocks. */
  suppressed(): void
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>
}

/** Never two rounds at a time; a fault is told, and what is left waits for the next round. */
export function createCanceller(core: Core, { cancelSuppressed }: Scheduled): Canceller {
  let running: Promise<void> | undefined
  let again = false

  async function run(): Promise<void> {
    while (again) {
      again = false
      await cancelSuppressed()
    }
  }

  return {
    suppressed() {
      again = true
      running ??= run()
        .catch((error: unknown) => core.tell('fault', error))
        .finally(() => {
          running = undefined
        })
    },
    idle: async () => running,
  }
}
