import type { Channel } from '../core/contact.js'
import type { JsonObject } from '../core/json.js'
import type { Op } from '../core/storage-ops.js'
import type { Core } from './core.js'
import { FEEDBACK_LIFE_MS } from './feedback-memory.js'
import { keys } from './keys.js'

interface SentMessage {
  readonly channel: Channel
  /** GHL's id; of an e-mail its `emailMessageId`. */
  readonly id: string
  readonly actionId: string
  /** Of an e-mail: the domain that has to answer for it. */
  readonly domain?: string | undefined
}

/**
 * Remembers which action a message in GHL is of: what GHL tells of it later names its id alone, and it must not pass
 * for the same words of another action. `version` null = unless another action has it.
 */
export function claimOp({ channel, id, actionId, domain }: SentMessage, now: number, version?: null): Op {
  return {
    op: 'put',
    key: keyOf(channel, id),
    value: { actionId, ...(domain !== undefined && { domain }) },
    expiresAt: now + FEEDBACK_LIFE_MS,
    ...(version !== undefined && { version }),
  }
}

/** Those of the messages that other actions sent. */
export async function sentByOthers(
  { storage }: Core,
  channel: Channel,
  ids: readonly string[],
  actionId: string,
): Promise<ReadonlySet<string>> {
  const found = await storage.read(ids.map((id) => keyOf(channel, id)))
  return new Set(
    ids.filter((_, index) => {
      const entry = found[index]
      return entry && (entry.value as JsonObject | null)?.actionId !== actionId
    }),
  )
}

function keyOf(channel: Channel, id: string): string {
  return channel === 'email' ? keys.mail(id) : keys.message(id)
}
