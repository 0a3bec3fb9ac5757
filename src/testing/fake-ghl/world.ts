import type { Clock } from '../../core/clock.js'
import { type Agenda, createAgenda } from './agenda.js'
import { badRequest, wrongLocation } from './answer.js'
import type { DeliveryScript } from './delivery.js'
import type { Context } from './routes.js'
import { emptyState, type FakeContact, type FakeState } from './state.js'
import type { FakeEvent } from './webhooks.js'

/** Everything the endpoints share. */
export interface World {
  readonly state: FakeState
  readonly clock: Clock
  readonly agenda: Agenda
  readonly companyId: string
  readonly locationId: string
  /** How each message ends; replaceable at any time. */
  script: DeliveryScript
  /** Whether two contacts of a location may share an address. */
  allowDuplicates: boolean
  /** Whether GHL looks at do-not-disturb again when a scheduled message leaves. */
  recheckScheduled: boolean
  /** Live servers answer `{ messages: { messages: [] } }`, the published description says `{ messages: [] }`. */
  messageList: 'nested' | 'flat'
  /** `contact_1`, `contact_2`, ... */
  nextId(prefix: string): string
  emit(event: FakeEvent): void
}

export interface WorldOptions {
  readonly clock: Clock
  readonly companyId: string
  readonly locationId: string
  readonly script: DeliveryScript
  readonly emit: (event: FakeEvent) => void
}

export function createWorld(options: WorldOptions): World {
  const counters = new Map<string, number>()
  return {
    ...options,
    state: emptyState(),
    agenda: createAgenda(),
    allowDuplicates: false,
    recheckScheduled: false,
    messageList: 'nested',
    nextId(prefix) {
      const count = (counters.get(prefix) ?? 0) + 1
      counters.set(prefix, count)
      return `${prefix}_${count}`
    },
  }
}

/** The contact of that id, where the token may see it. */
export function needContact(context: Context, contactId: string): FakeContact {
  const found = context.world.state.contacts.find((contact) => contact.id === contactId)
  if (!found) throw badRequest('Contact not found')
  needSameLocation(context, found.locationId)
  return found
}

export function needSameLocation({ token }: Context, locationId: string): void {
  if (token?.locationId && token.locationId !== locationId) throw wrongLocation()
}

export const isoTime = (ms: number): string => new Date(ms).toISOString()
