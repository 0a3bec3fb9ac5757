import type { Channel } from '../core/contact.js'
import type { Json } from '../core/json.js'
import type { Message } from '../core/message.js'
import type { Outcome } from '../core/outcome.js'
import type { Op } from '../core/storage-ops.js'
import { answered, cancelRequest, findSent, messageIdIn, readCancellation } from '../ghl/index.js'
import { askAndCount, placeOf, type Unread } from './ask-ghl.js'
import type { Attempt } from './attempt.js'
import type { IntentRecord } from './begin.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { lookBack } from './look-back.js'
import { recipientKeysOf } from './people.js'
import { operatorRecord, recordOp } from './records.js'
import { scanAll } from './scan-all.js'

/** A message of ours that GHL keeps until its time. */
export interface ScheduledMessage {
  readonly actionId: string
  /** GHL's id; of an e-mail its `emailMessageId`. Undefined while it is not known: it is being sent, or its outcome is unknown. */
  readonly messageId: string | undefined
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

interface Stored extends Omit<ScheduledMessage, 'actionId' | 'messageId'> {
  /** Under which of these the people it goes to may be suppressed. */
  readonly recipients: readonly string[]
  /** When GHL was asked, ms since 1970. */
  readonly at: number
  readonly messageId?: string
  /** While there is no id: what GHL is searched for. */
  readonly message?: Json
}

const PAGE = 200
/** It is remembered a little longer than GHL keeps it: clocks differ. */
const SLACK_MS = 3_600_000
const NOT_FOUND =
  'Its outcome is unknown, and it was not found in GHL. Look there; when it never arrived, call unknowns.resolve(actionId, "not_sent").'

function notSearched({ unread }: Unread): string {
  return `Its outcome is unknown, and GHL could not be searched for it. ${unread}`
}

/** Remembers what GHL is about to be asked to send later, in the commit before it is asked: nothing it may keep is forgotten. */
export function beginScheduled(attempt: Attempt, now: number): readonly Op[] {
  if (!isScheduled(attempt, now)) return []
  return [putScheduled(attempt, now, { message: attempt.classified.message as unknown as Json })]
}

/** What became of it, in the commit that closes the action: GHL named it, or certainly does not have it. Else it is searched for when it must not leave. */
export function endScheduled(attempt: Attempt, outcome: Outcome, now: number): readonly Op[] {
  if (!isScheduled(attempt, now)) return []
  if (outcome.status === 'failed') return [{ op: 'del', key: keys.scheduled(attempt.id) }]
  const { channel } = attempt.classified.message
  const messageId = outcome.status === 'executed' ? messageIdIn(channel, outcome.value) : undefined
  return messageId === undefined ? [] : [putScheduled(attempt, now, { messageId })]
}

type ScheduledAttempt = Attempt & { readonly classified: { readonly message: Message & { readonly sendAt: number } } }

function isScheduled(attempt: Attempt, now: number): attempt is ScheduledAttempt {
  const sendAt = attempt.classified.message?.sendAt
  return sendAt !== undefined && sendAt > now
}

function putScheduled(attempt: ScheduledAttempt, at: number, known: Pick<Stored, 'messageId' | 'message'>): Op {
  const { contactIds, location } = attempt
  const { channel, sendAt } = attempt.classified.message
  const value: Stored = { channel, contactIds, location, sendAt, at, recipients: recipientKeysOf(attempt, true), ...known }
  return { op: 'put', key: keys.scheduled(attempt.id), value: value as unknown as Json, expiresAt: sendAt + SLACK_MS }
}

/**
 * Somebody may have said no while GHL was being asked: whoever wrote that down found nothing to cancel yet. Of a no that
 * comes later, its writer finds the message. Never throws: what was done is done.
 */
export async function cancelIfSuppressed(core: Core, attempt: Attempt, { status }: Outcome): Promise<void> {
  if (status === 'failed' || !isScheduled(attempt, core.clock.now())) return
  try {
    if (await isSuppressed(core, recipientKeysOf(attempt, true))) core.suppressed()
  } catch (error) {
    core.tell('fault', error)
  }
}

export function createScheduled(core: Core): Scheduled {
  async function* stored(): AsyncGenerator<Kept> {
    const { storage, known, clock } = core
    await known.open()
    for await (const { key, value, version } of scanAll(storage, keys.scheduledAll, { page: PAGE })) {
      const kept = value as unknown as Stored
      if (kept.sendAt > clock.now()) yield { actionId: key.slice(keys.scheduledAll.length), version, kept }
    }
  }

  async function cancel(each: Kept): Promise<ScheduledNews | undefined> {
    const { storage, policy, clock, sealer } = core
    const { actionId, version, kept } = each
    const { location, channel } = kept
    const sought = kept.messageId === undefined ? await searched(core, each) : { found: kept.messageId }
    const messageId = 'found' in sought ? sought.found : undefined
    const told = { ...toldOf(each), messageId }
    if (messageId === undefined) {
      // Whoever is sending it looks at the list itself when it is done.
      if (await isUnderWay(core, actionId)) return undefined
      return { ...told, cancelled: false, reason: 'unread' in sought ? notSearched(sought) : NOT_FOUND }
    }
    const answer = await askToCancel(core, channel, messageId, location)
    if (answer !== 'cancelled' && answer !== 'gone') return { ...told, cancelled: false, reason: answer }
    const now = clock.now()
    await storage.commit([
      [
        { op: 'del', key: keys.scheduled(actionId), version },
        recordOp(operatorRecord(now, 'gateway', 'scheduled.cancel', policy, { actionId, messageId, channel, answer })),
      ],
    ])
    sealer.wrote()
    return answer === 'cancelled' ? { ...told, cancelled: true } : undefined
  }

  return {
    async *list() {
      for await (const each of stored()) yield toldOf(each)
    },
    async cancelSuppressed() {
      const all: ScheduledNews[] = []
      for await (const each of stored()) {
        if (!(await isSuppressed(core, each.kept.recipients))) continue
        const news = await cancel(each)
        if (news === undefined) continue
        all.push(news)
        core.tell('scheduled', news)
      }
      return all
    },
  }
}

interface Kept {
  readonly actionId: string
  readonly version: string
  readonly kept: Stored
}

function toldOf({ actionId, kept: { messageId, channel, contactIds, location, sendAt } }: Kept): ScheduledMessage {
  return { actionId, messageId, channel, contactIds, location, sendAt }
}

/** Its id, where it is found in GHL. */
async function searched(core: Core, { actionId, kept }: Kept): Promise<{ readonly found: string | undefined } | Unread> {
  const { message: stored, location, at } = kept
  if (stored === undefined) return { found: undefined }
  const message = stored as unknown as Message
  const seen = await lookBack(core, { actionId, message, location, at })
  if ('unread' in seen) return seen
  const finding = findSent(message, seen.window, seen.answers, seen.ofOthers)
  return { found: typeof finding === 'string' ? undefined : finding.id }
}

async function isUnderWay({ storage, clock }: Core, actionId: string): Promise<boolean> {
  const [entry] = await storage.read([keys.intent(actionId)])
  const intent = entry?.value as unknown as IntentRecord | undefined
  return intent?.state === 'sending' && intent.leaseUntil > clock.now()
}

/** Whether any of the people it goes to is on the list now. */
async function isSuppressed({ storage }: Core, recipients: readonly string[]): Promise<boolean> {
  const found = await storage.read(recipients.map(keys.suppressed))
  return found.some((entry) => entry !== null)
}

/** What GHL said, or why it could not be asked. */
async function askToCancel(core: Core, channel: Channel, messageId: string, location: string): Promise<string> {
  const answer = await askAndCount(core, location, cancelRequest(channel, messageId, placeOf(core, location)))
  if ('unread' in answer) return answer.unread
  const found = readCancellation(answer)
  return found === 'failed' ? answered(answer.status) : found
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
