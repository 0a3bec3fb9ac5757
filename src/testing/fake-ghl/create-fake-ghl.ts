import type { AddressInfo } from 'node:net'
import { systemClock } from '../../core/clock.js'
import { calendarRoutes } from './calendars.js'
import { callMatcher, type FakeCall } from './calls.js'
import { storeContact } from './contact-fields.js'
import { contactGroupRoutes } from './contact-groups.js'
import { contactRecordRoutes } from './contact-records.js'
import { contactRoutes } from './contacts.js'
import { conversationRoutes, receive } from './conversations.js'
import { deliverAll } from './delivery.js'
import { emailCampaignRoutes } from './email-campaigns.js'
import type { FakeGhl, FakeGhlOptions } from './fake-ghl.js'
import { createFaultPlan } from './faults.js'
import { locationRoutes } from './locations.js'
import { messageRoutes } from './messages.js'
import { moneyRoutes } from './money.js'
import { opportunityRoutes } from './opportunities.js'
import { createRateBuckets } from './rate-buckets.js'
import type { Route } from './routes.js'
import { createFakeServer } from './server.js'
import { emptyState } from './state.js'
import { createTokenDesk } from './tokens.js'
import { createWebhooks } from './webhooks.js'
import { createWorld, type World } from './world.js'

const ROUTES: readonly Route[] = [
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
  const routes = [...tokens.routes, ...ROUTES]
  furnish(world, options.timezone)
  tokens.issue({ accessToken, expiresInMs: Number.POSITIVE_INFINITY, app: accessToken })

  const server = createFakeServer({ world, routes, tokens, rates, faults, calls })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`

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
      furnish(world, options.timezone)
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

/** What every fake has from the start. */
function furnish(world: World, timezone = 'America/New_York'): void {
  const { state, companyId, locationId } = world
  state.locations.push({
    id: locationId,
    companyId,
    name: 'Example Agency',
    timezone,
    email: 'hello@agency.example.com',
    phone: '+12125550100',
    country: 'US',
  })
  state.pipelines.push({
    id: 'pipeline_1',
    name: 'Sales',
    locationId,
    stages: ['New', 'Qualified', 'Proposal'].map((name, position) => ({ id: `stage_${position + 1}`, name, position })),
  })
  state.calendars.push({ id: 'calendar_1', name: 'Calls', locationId })
  state.users.push({ id: 'user_1', locationId, name: 'Sam Owner', email: 'sam@agency.example.com' })
  state.templates.push({ id: 'template_1', name: 'Welcome', locationId, html: '<p>Welcome</p>' })
}
