import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../../core/clock.js'
import { calendarRoutes } from './calendars.js'
import { type CallFilter, callMatcher, type FakeCall } from './calls.js'
import { contactGroupRoutes } from './contact-groups.js'
import { contactRecordRoutes } from './contact-records.js'
import { contactRoutes, storeContact } from './contacts.js'
import { conversationRoutes, receive } from './conversations.js'
import { type DeliveryScript, deliverAll } from './delivery.js'
import { emailCampaignRoutes } from './email-campaigns.js'
import { createFaultPlan, type Fault, type FaultOptions } from './faults.js'
import { locationRoutes } from './locations.js'
import { messageRoutes } from './messages.js'
import { moneyRoutes } from './money.js'
import { opportunityRoutes } from './opportunities.js'
import { createRateBuckets, type RateLimits } from './rate-buckets.js'
import { createFakeServer } from './server.js'
import { emptyState, type FakeContact, type FakeMessage, type FakeState, type FakeWorkflow, type MessageType } from './state.js'
import { createTokenDesk, type IssuedToken, type TokenOptions } from './tokens.js'
import { createWebhooks, type FakeEvent, type FakeWebhooks, type WebhookMode } from './webhooks.js'
import { createWorld } from './world.js'

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

/**
 * Starts a stateful stand-in for the GoHighLevel API on 127.0.0.1, on a free port.
 * It never keeps the process alive; close it all the same to free the port.
 */
export async function createFakeGhl(options: FakeGhlOptions = {}): Promise<FakeGhl> {
  const clock = options.clock ?? systemClock
  const locationId = options.locationId ?? 'location_1'
  const companyId = options.companyId ?? 'company_1'
  const [clientId, clientSecret, accessToken] = ['fakeapp-client', 'fakeapp-secret', 'pit-fake-0000-0000']
  const calls: FakeCall[] = []
  const world = createWorld({
    clock,
    companyId,
    locationId,
    script: options.delivery ?? deliverAll,
    emit: (event) => webhooks.emit(event),
  })
  world.allowDuplicates = options.allowDuplicates ?? false
  world.recheckScheduled = options.recheckScheduled ?? false
  world.messageList = options.messageList ?? 'nested'
  const webhooks = createWebhooks({ now: clock.now, agenda: () => world.agenda, appId: 'fakeapp', nextId: world.nextId })
  const tokens = createTokenDesk({
    now: clock.now,
    nextId: world.nextId,
    state: world.state,
    clientId,
    clientSecret,
    companyId,
    locationId,
  })
  const rates = createRateBuckets(options.limits)
  const faults = createFaultPlan()
  const routes = [
    ...tokens.routes,
    ...contactRoutes,
    ...contactGroupRoutes,
    ...contactRecordRoutes,
    ...messageRoutes,
    ...conversationRoutes,
    ...opportunityRoutes,
    ...calendarRoutes,
    ...moneyRoutes,
    ...emailCampaignRoutes,
    ...locationRoutes,
  ]
  furnish()
  tokens.issue({ accessToken, expiresInMs: Number.POSITIVE_INFINITY, app: accessToken })

  const server = createFakeServer({ world, routes, tokens, rates, faults, calls })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  /** What every fake has from the start. */
  function furnish(): void {
    world.state.locations.push({
      id: locationId,
      companyId,
      name: 'Example Agency',
      timezone: options.timezone ?? 'America/New_York',
      email: 'hello@agency.example.com',
      phone: '+12125550100',
      country: 'US',
    })
    world.state.pipelines.push({
      id: 'pipeline_1',
      name: 'Sales',
      locationId,
      stages: ['New', 'Qualified', 'Proposal'].map((name, position) => ({ id: `stage_${position + 1}`, name, position })),
    })
    world.state.calendars.push({ id: 'calendar_1', name: 'Calls', locationId })
    world.state.users.push({ id: 'user_1', locationId, name: 'Sam Owner', email: 'sam@agency.example.com' })
    world.state.templates.push({ id: 'template_1', name: 'Welcome', locationId, html: '<p>Welcome</p>' })
  }

  return {
    url: `http://${host}`,
    host,
    locationId,
    companyId,
    accessToken,
    clientId,
    clientSecret,
    clock,
    calls,
    get sent() {
      const left = world.state.messages.filter((message) => message.direction === 'outbound' && message.sentAt !== null)
      return left.sort((a, b) => (a.sentAt ?? 0) - (b.sentAt ?? 0))
    },
    state: world.state,
    webhooks,
    limits: rates.limits,
    received: (filter) => calls.filter(callMatcher(filter)),
    fail: (fault) => faults.add(fault),
    heal: () => faults.clear(),
    addContact(fields = {}) {
      const number = world.state.contacts.length + 1
      const address = { email: `person${number}@example.com`, phone: `+1212555${String(number).padStart(4, '0')}` }
      const defaults = 'email' in fields || 'phone' in fields ? {} : address
      return storeContact(
        world,
        { firstName: 'Person', lastName: String(number), ...defaults, ...fields },
        fields.locationId ?? locationId,
      )
    },
    addWorkflow(workflow) {
      const added = { id: world.nextId('workflow'), name: 'A workflow', locationId, trigger: null, sends: [], ...workflow }
      world.state.workflows.push(added)
      return added
    },
    token: (wanted) => tokens.issue(wanted),
    revoke: (token) => tokens.revoke(token),
    authorizationCode: (wanted) => tokens.code(wanted),
    deliver(script) {
      world.script = script
    },
    reply(contact, text, type = 'SMS') {
      const found = world.state.contacts.find(({ id }) => id === (typeof contact === 'string' ? contact : contact.id))
      if (!found) throw new RangeError(`no contact ${String(contact)} to write`)
      receive(world, found, type, text)
    },
    async emit(event, mode) {
      webhooks.emit(event, mode)
      await webhooks.settled()
    },
    async tick() {
      world.agenda.runDue(clock.now())
      await webhooks.settled()
    },
    reset() {
      Object.assign(world.state, emptyState())
      furnish()
      world.agenda.clear()
      calls.length = 0
      faults.clear()
      rates.clear()
      webhooks.clear()
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
