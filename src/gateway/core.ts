import type { EventEmitter } from 'eventemitter3'
import type { Clock } from '../core/clock.js'
import type { Channel, ContactFacts } from '../core/contact.js'
import type { Outcome } from '../core/outcome.js'
import type { Feedback } from '../ghl/index.js'
import type { Wish } from '../guardrails/recipients/index.js'
import type { Http } from '../http/http.js'
import type { Storage } from '../storage/storage.js'
import type { GatewayPolicy } from './config.js'
import type { GhlBudget } from './ghl-budget.js'
import type { DomainStop } from './health-store.js'
import type { KnownState } from './known-state.js'
import type { LatestTime } from './latest-time.js'
import type { ScheduledNews } from './scheduled.js'
import type { Sealer } from './sealer.js'
import type { SystemNews } from './system-news.js'

/** What the gateway tells whoever listens. A listener that throws never changes what happens to an action. */
export interface GatewayEvents {
  outcome: (outcome: Outcome) => void
  approval: (event: { readonly id: string; readonly status: string; readonly agent: string; readonly action: string }) => void
  /**
   * A stop, a switch, a mode, a health report. With `elsewhere`, another process on the same storage did it: told while
   * somebody listens, at most a second later, without health reports, and `by` is `somebody` where the state does not say.
   */
  system: (event: { readonly type: string; readonly by: string; readonly reason?: string; readonly elsewhere?: true }) => void
  breaker: (event: { readonly name: string; readonly from: string; readonly to: string }) => void
  /** GHL told what became of a message, or what a person wants. Never for an event that was told before. */
  feedback: (event: FeedbackEvent) => void
  /** Bounces or complaints stopped a sending domain: told by the process that heard of the one too many. */
  domain: (stop: DomainStop) => void
  /** A scheduled message to somebody who was suppressed meanwhile was cancelled in GHL, or could not be. */
  scheduled: (news: ScheduledNews) => void
  /** GHL could not be read for the gateway's own ends. Nothing is concluded from that, and it is read again the next time. */
  unread: (news: UnreadNews) => void
  /** The storage did not answer, or its state cannot be trusted: everything is refused until it does. */
  fault: (error: unknown) => void
}

/** A call of GHL that a reconciliation, a catch-up or the search for a scheduled message needed. */
export interface UnreadNews {
  /** `GET /conversations/messages/export` */
  readonly call: string
  /** Why, and what to do. Holds no secrets. */
  readonly reason: string
}

/** What came back: how a message fared, or what a person wrote. `wish` = what the words ask for, read by `readOptOut`. */
export interface FeedbackEvent {
  readonly kind: Feedback['kind']
  readonly by: 'webhook' | 'catch_up'
  /** When it happened, ms. */
  readonly at: number
  readonly contactId: string | undefined
  /** GHL's id of the message; of an e-mail its `emailMessageId`. */
  readonly messageId: string | undefined
  readonly channel: Channel | undefined
  /** GHL's word for how a message that is no e-mail fared: `delivered`, `failed`, `undelivered`, … */
  readonly status: string | undefined
  readonly wish: Wish | undefined
}

export type ResolveContact = (contactId: string, at: { readonly location: string }) => Promise<ContactFacts | null>

/** The parts every piece of the gateway works with. Made once by `createGateway`; nothing here is reachable for an agent. */
export interface Core {
  readonly policy: GatewayPolicy
  readonly storage: Storage
  readonly clock: Clock
  readonly known: KnownState
  readonly time: Pick<LatestTime, 'requireOnward' | 'accept'>
  readonly sealer: Sealer
  readonly news: SystemNews
  /** Somebody was put on the suppression list: what GHL still keeps for them is cancelled. */
  suppressed(): void
  readonly budget: GhlBudget
  readonly events: EventEmitter<GatewayEvents>
  /** Emits an event; a listener's fault stays the listener's. */
  tell<E extends keyof GatewayEvents>(event: E, ...about: Parameters<GatewayEvents[E]>): void
  readonly resolveContact: ResolveContact | undefined
  /** The configured transport, else the first wrapped client's. */
  http(): Http | undefined
  /** Offers a wrapped client's transport, for when none was configured. */
  adopt(http: Http): void
  /** Hosts a request may go to. */
  hosts(): readonly string[]
}
