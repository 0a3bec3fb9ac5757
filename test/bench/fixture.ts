import type { Action } from '../../src/core/action.js'
import { type Agent, createGateway, type Gateway } from '../../src/gateway/index.js'
import type { Http } from '../../src/http/http.js'
import type { Storage } from '../../src/storage/storage.js'
import { contact } from '../../src/testing/builders.js'

/** A gateway whose transport does nothing, an agent that may send, and mails that all differ. */
export interface Bench {
  readonly gateway: Gateway
  /** The next mail, a moment later: 1 kB of HTML to one of a thousand people at forty domains, and evidence about that one. */
  next(): Mail
}

export interface Mail {
  readonly agent: Agent
  readonly action: Action
}

/** Wednesday, ten in the morning in New York. */
const START = Date.parse('2026-01-14T15:00:00Z')
/** The clock moves on by this with every action, so that windows roll as they do in life. */
const STEP_MS = 2
const PEOPLE = 1000
const NO_LIMIT = 1e9

/** `clock` = `steps`: of our own, a moment per action; `system`: the machine's, which a server wants that has one too. */
export function createBench(storage: Storage, minDelayMs = STEP_MS, clock: 'steps' | 'system' = 'steps'): Bench {
  const start = clock === 'steps' ? START : Date.now()
  let now = start
  let turn = 0
  const people = Array.from({ length: PEOPLE }, (_, index) =>
    contact({ id: `contact_${index}`, emails: [`person${index}@company${index % 40}.example`], locationId: 'location_1' }),
  )
  const byId = new Map(people.map((facts) => [facts.id, facts]))
  const gateway = createGateway({
    agents: {
      outreach: { permissions: ['send_email', 'read_contacts'], platforms: ['All'], limitsPerHour: { email_send: NO_LIMIT } },
    },
    storage,
    ...(clock === 'steps' && { clock: { now: () => now } }),
    mode: 'live',
    resolveContact: async (id) => byId.get(id) ?? null,
    http,
    account: { timeZone: 'America/New_York', locationId: 'location_1', senderDomain: 'agency.example' },
    guardrails: {
      email: { perMonth: NO_LIMIT, perDay: NO_LIMIT, perHour: NO_LIMIT, perDomainHour: NO_LIMIT, minDelayMs },
      ghl: { per10s: NO_LIMIT, perDay: NO_LIMIT },
      grounding: { maxAgeMs: 12 * 3_600_000 },
      hours: clock === 'steps' ? {} : { email: 'always' },
    },
  })
  const outreach = gateway.agent('outreach')
  const mails = people.map(
    ({ id }, index): Mail => ({
      agent: outreach.with({ grounding: { source: 'manual', dataId: id, verifiedAt: start } }),
      action: { type: 'send_email', contactId: id, subject: `Notes from our call, ${index}`, html: htmlFor(index) },
    }),
  )
  return {
    gateway,
    next() {
      now += STEP_MS
      return mails[turn++ % PEOPLE] as Mail
    },
  }
}

/** One action that has to go through. */
export function executed({ next }: Bench): () => Promise<void> {
  return async () => {
    const { agent, action } = next()
    const outcome = await agent.execute(action)
    if (outcome.status !== 'executed') throw new Error(`Not executed: ${JSON.stringify(outcome)}`)
  }
}

/** What is measured is the gate, not what is behind it. */
const http: Http = {
  host: 'services.leadconnectorhq.com',
  locationId: 'location_1',
  send: async () => ({ status: 200, headers: {}, body: { messageId: 'message_1', conversationId: 'conversation_1' } }),
}

function htmlFor(index: number): string {
  return `<p>Hi Person ${index},</p>
<p>Thank you for the talk on Tuesday. You said that the weekly report takes your team half a day, and that most of that time goes into collecting the same six figures from four places. We built something for exactly this for a company of your size last autumn, and it now takes them about ten minutes.</p>
<p>I have written down how that was done, step by step, with the parts that did not work the first time. It is two pages, and you do not need us for any of it. Shall I send it over? If it looks useful, we could go through it together some day next week, whenever suits you best.</p>
<p>There is no hurry at all from our side. If the timing is wrong, just tell me which quarter to ask again.</p>
<p>Kind regards,<br>Sam</p>
<p>Example Agency, 548 Market St, San Francisco, CA 94104</p>
<p><a href="https://agency.example/unsubscribe?p=${index}">Unsubscribe</a></p>`
}
