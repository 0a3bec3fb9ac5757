import { afterEach } from 'vitest'
import type { Action } from '../../src/core/action.js'
import type { GatewayConfig } from '../../src/gateway/config.js'
import { type Agent, createGateway, type Gateway } from '../../src/gateway/index.js'
import { ghlHttp } from '../../src/http/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { createFakeGhl, type FakeClock, type FakeGhl, fakeClock } from '../../src/testing/index.js'

/** A Wednesday, 10:00 in New York. */
export const MORNING = '2026-01-14T15:00:00Z'

export const HTML = `<p>Hi there,</p><p>I saw that you opened a second warehouse. Would a short call next week be useful?</p>
<p>Example Agency, 548 Market St, San Francisco, CA 94104</p><p><a href="https://agency.example.com/unsubscribe">Unsubscribe</a></p>`

export interface World {
  readonly clock: FakeClock
  readonly fake: FakeGhl
  readonly gateway: Gateway
  /** A GHL_MASTER with fresh evidence about `ann`. */
  readonly outreach: Agent
  /** A contact nobody has a reason to refuse. */
  readonly ann: { readonly id: string }
}

const open: World[] = []

afterEach(async () => {
  for (const { gateway, fake } of open.splice(0)) {
    await gateway.close()
    await fake.close()
  }
})

/** A live gateway over real HTTP to a fake GHL, with the limits out of the way unless the test sets them. */
export async function world(
  given: Partial<GatewayConfig> = {},
  more?: (fake: FakeGhl) => Partial<GatewayConfig>,
): Promise<World> {
  const clock = fakeClock(MORNING)
  const fake = await createFakeGhl({ clock })
  const config = { ...given, ...more?.(fake) }
  const ann = fake.addContact({
    email: 'ann@acme.example',
    phone: '+12125550123',
    timezone: 'America/New_York',
    firstName: 'Ann',
  })
  const gateway = createGateway({
    agents: { outreach: 'GHL_MASTER', scout: 'HUNTER', keeper: 'GATEKEEPER', queen: 'QUEEN' },
    storage: memoryStorage(),
    http: ghlHttp({ token: fake.accessToken, locationId: fake.locationId, baseUrl: fake.url }),
    mode: 'live',
    clock,
    account: { senderDomain: 'agency.example.com' },
    ...config,
    guardrails: { ...config.guardrails, email: { minDelayMs: 0, ...config.guardrails?.email } },
  })
  const outreach = gateway.agent('outreach').with({ grounding: evidence(ann.id, clock) })
  const made = { clock, fake, gateway, outreach, ann }
  open.push(made)
  return made
}

export function evidence(contactId: string, clock: FakeClock) {
  return { source: 'ghl', dataId: contactId, verifiedAt: clock.now() }
}

export function mail(contactId: string, more: Partial<Extract<Action, { type: 'send_email' }>> = {}): Action {
  return { type: 'send_email', contactId, subject: 'Your second warehouse', html: HTML, ...more }
}

export function codesOf(outcome: {
  readonly status: string
  readonly reasons?: readonly { readonly code: string }[]
}): readonly string[] {
  return outcome.reasons?.map(({ code }) => code) ?? []
}
