import { z } from 'zod'
import { StorageError } from '../core/errors.js'
import type { Message } from '../core/message.js'
import type { Core } from './core.js'
import { keys } from './keys.js'

const text = z.string()
const time = z.number()
const schema = z.object({
  state: z.enum(['sending', 'unknown']),
  fence: text,
  agent: text,
  action: text,
  operation: text,
  location: text,
  digest: text,
  at: time,
  leaseUntil: time,
  contactIds: z.array(text).readonly(),
  /** The message, where one was sent: reconciliation looks for it in GHL. */
  message: z.custom<Message>((value) => typeof value === 'object' && value !== null).exactOptional(),
  idempotencyKey: text.exactOptional(),
  error: text.exactOptional(),
})

/** What storage keeps of an action between its two commits. */
export type IntentRecord = Readonly<z.infer<typeof schema>>

/** The stored intent, or null when it is not one. */
export function readIntent(stored: unknown): IntentRecord | null {
  const result = schema.safeParse(stored)
  return result.success ? result.data : null
}

/** Whoever sends it may still be waiting for GHL's answer. */
export function isUnderWay({ state, leaseUntil }: IntentRecord, now: number): boolean {
  return state === 'sending' && leaseUntil > now
}

/** The intent of an action that is between its two commits; null = it is not, or what is stored is none. */
export async function loadIntent({ storage }: Core, actionId: string): Promise<IntentRecord | null> {
  const [entry] = await storage.read([keys.intent(actionId)])
  return readIntent(entry?.value)
}

export function unreadableIntent(key: string): StorageError {
  return new StorageError(
    'corrupt',
    `What is stored of an open action cannot be read (key ${key}): it may have happened, and stays open. Restore the storage from a backup, or upgrade sendwarden in this process if a newer version wrote it.`,
  )
}
