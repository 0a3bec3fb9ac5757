import { HighLevel } from '@gohighlevel/api-client'
import { createGateway, type Gateway, withGateway } from 'sendwarden'
import { fileStorage } from 'sendwarden/storage/file'
import type { FakeClock, FakeGhl } from 'sendwarden/testing'

/** The official SDK's body of a message. */
type Body = Parameters<HighLevel['conversations']['sendANewMessage']>[0]

export interface Person {
  readonly id: string
  readonly firstName: string | null
}

/** The gate, and for each agent the official SDK as that agent may use it. */

/** Opens the gate on a folder. Opened again on the same folder, it knows all that was counted, stopped and decided. */
export function openOffice(folder: string, fake: FakeGhl, clock: FakeClock) {
  const gateway: Gateway = createGateway({
    agents: { outreach: 'GHL_MASTER', scout: 'HUNTER', crafter: 'CRAFTER', keeper: 'GATEKEEPER', ops: 'OPS' },
    roles: {
      OPS: {
        permissions: ['read_contacts', 'write_contacts', 'delete_contacts'],
        platforms: ['GoHighLevel'],
        limitsPerHour: { add_tag: 3 },
      },
    },
    storage: fileStorage(folder),
    clock,
    account: { timeZone: 'America/New_York', locationId: fake.locationId, senderDomain: 'agency.example' },
    // Every other limit is the default: 150 a day, 20 an hour, 5 an hour and domain, 30 s between two.
    guardrails: { email: { perMonth: 155 } },
  })

  const client = new HighLevel({ privateIntegrationToken: fake.accessToken, apiVersion: '2021-07-28', logLevel: 'none' })
  client.getHttpClient().defaults.baseURL = fake.url
  const agent = {
    outreach: gateway.agent('outreach'),
    scout: gateway.agent('scout'),
    crafter: gateway.agent('crafter'),
    keeper: gateway.agent('keeper'),
    ops: gateway.agent('ops'),
  }
  return {
    gateway,
    agent,
    /** The client as its owner has it: guarded too. */
    client,
    sdk: {
      outreach: withGateway(client, agent.outreach),
      scout: withGateway(client, agent.scout),
      crafter: withGateway(client, agent.crafter),
      ops: withGateway(client, agent.ops),
    },
    /** Evidence that somebody's data was looked at just now. */
    checked: ({ id }: Person, minutesAgo = 0) => ({
      source: 'ghl',
      dataId: id,
      verifiedAt: clock.now() - minutesAgo * 60_000,
    }),
  }
}

const FOOTER =
  '<p>Example Agency, 548 Market Street, San Francisco, CA 94104</p><p><a href="https://agency.example/unsubscribe">Unsubscribe</a></p>'

/** An e-mail as an agent would write it. The cast: the SDK's types demand `subType` and `status`, which GHL does not. */
export function mail({ id, firstName }: Person, more: Partial<Body> = {}): Body {
  return {
    type: 'Email',
    contactId: id,
    subject: 'Your second warehouse',
    html: `<p>Hi ${firstName},</p><p>I saw that you opened a second warehouse. Would a short call next week be useful?</p>${FOOTER}`,
    ...more,
  } as Body
}

export function text({ id, firstName }: Person): Body {
  const message = `Hi ${firstName}, Sam from Example Agency. Are you still on for Tuesday at 10? Reply STOP to opt out`
  return { type: 'SMS', contactId: id, message } as Body
}

export const WITHOUT_OPT_OUT =
  '<p>Hi,</p><p>Would a short call next week be useful?</p><p>548 Market Street, San Francisco, CA 94104</p>'
export const SPAM = `<p>ACT NOW!!! You are a WINNER! 100% free money, risk free, guaranteed income. Click here, limited time offer!!!</p>${FOOTER}`
export const UNRENDERED = `<p>Hi {{contact.first_name}},</p><p>Would a short call next week be useful?</p>${FOOTER}`

const inNewYork = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

/** `Mon 2 Mar 08:30:00`, in New York, where the story plays. */
export function clockTime(at: number): string {
  const part = Object.fromEntries(inNewYork.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${part.weekday} ${part.day} ${part.month} ${part.hour}:${part.minute}:${part.second}`
}
