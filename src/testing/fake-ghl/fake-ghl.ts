import type { Clock } from '../../core/clock.js'
import type { CallFilter, FakeCall } from './calls.js'
import type { DeliveryScript } from './delivery.js'
import type { Fault, FaultOptions } from './faults.js'
import type { RateLimits } from './rate-buckets.js'
import type { FakeContact, FakeMessage, FakeState, FakeWorkflow, MessageType } from './state.js'
import type { IssuedToken, TokenOptions } from './tokens.js'
import type { FakeEvent, FakeWebhooks, WebhookMode } from './webhooks.js'

export interface FakeGhlOptions {
  /** What time it is there; default the system clock. With `fakeClock()` nothing happens until the clock is moved. */
  readonly clock?: Clock
  /** Default `location_1`. */
  readonly locationId?: string
  /** Default `company_1`. */
  readonly companyId?: string
  /** IANA zone of the location; default America/New_York. */
  readonly timezone?: string
  /** Default 100 per 10 s and 200,000 a day. */
  readonly limits?: Partial<RateLimits>
  /** How messages end; default all delivered. */
  readonly delivery?: DeliveryScript
  /** Whether contacts may share an address; default false: 400 with the other's id. */
  readonly allowDuplicates?: boolean
  /** Whether a scheduled message is checked against do-not-disturb when it leaves; default false, the worse case. */
  readonly recheckScheduled?: boolean
  /** Shape of GET /conversations/{id}/messages; default `nested`, as live servers answer. */
  readonly messageList?: 'nested' | 'flat'
}

/** Fields of a contact to add; `additionalEmails` and `additionalPhones` may be plain texts. */
export type NewContact = Partial<Omit<FakeContact, 'additionalEmails' | 'additionalPhones'>> & {
  readonly name?: string
  readonly additionalEmails?: readonly (string | { email: string })[]
  readonly additionalPhones?: readonly (string | { phone: string })[]
}

export interface FakeGhl {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** `127.0.0.1:PORT` */
  readonly host: string
  readonly locationId: string
  readonly companyId: string
  /** A private integration token for the location, with every scope, that does not expire. */
  readonly accessToken: string
  /** The OAuth app the token endpoint knows. */
  readonly clientId: string
  readonly clientSecret: string
  readonly clock: Clock
  /** Every request that arrived, oldest first, refused ones included. */
  readonly calls: readonly FakeCall[]
  /** Outbound messages that really left, whatever caused them, in the order they left. */
  readonly sent: readonly FakeMessage[]
  readonly state: FakeState
  readonly webhooks: FakeWebhooks
  /** Changeable at any time, e.g. `fake.limits.daily = 0`. */
  readonly limits: RateLimits
  /** Calls that match, e.g. `received('POST /conversations/messages')`. */
  received(filter?: CallFilter): FakeCall[]
  /** Plans a fault for coming calls. */
  fail(fault: FaultOptions): Fault
  /** Ends all planned faults. */
  heal(): void
  /** Adds a contact directly, without a call. Without an address given it has an e-mail and a phone of its own. */
  addContact(fields?: NewContact): FakeContact
  /** Adds a workflow that sends something to whoever enters it. */
  addWorkflow(workflow: Partial<FakeWorkflow>): FakeWorkflow
  /** Issues a token; without options one for the location with every scope, for 24 hours. */
  token(options?: TokenOptions): IssuedToken
  /** Makes an access token unknown. */
  revoke(accessToken: string): void
  /** A one-time code for `grant_type=authorization_code`. */
  authorizationCode(options?: TokenOptions): string
  /** Sets how messages end from now on. */
  deliver(script: DeliveryScript): void
  /** The contact writes; `STOP` by SMS sets do-not-disturb. */
  reply(contact: string | FakeContact, text: string, type?: MessageType): void
  /** Sends a webhook of your own making and waits until it is answered. */
  emit(event: FakeEvent, mode?: WebhookMode): Promise<void>
  /** Does what is due by the clock (scheduled messages, deliveries, webhook retries) and waits for webhooks under way. */
  tick(): Promise<void>
  /** Forgets contacts, messages, calls, faults and rate counts. Tokens and subscribers stay. */
  reset(): void
  close(): Promise<void>
}
