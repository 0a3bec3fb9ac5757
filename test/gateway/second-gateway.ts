import type { GatewayConfig } from '../../src/gateway/config.js'
import { type Agent, createGateway, type Gateway } from '../../src/gateway/index.js'
import { ghlHttp } from '../../src/http/index.js'
import type { Storage } from '../../src/storage/storage.js'
import { evidence, type World } from './world.js'

/** Another gateway on the same clock and the same GHL: a second process, or the same one after a restart. */
export function gatewayOn(
  { clock, fake, ann }: Pick<World, 'clock' | 'fake' | 'ann'>,
  storage: Storage,
  config: Partial<GatewayConfig> = {},
): { readonly gateway: Gateway; readonly outreach: Agent } {
  const gateway = createGateway({
    agents: { outreach: 'GHL_MASTER', scout: 'HUNTER', keeper: 'GATEKEEPER', queen: 'QUEEN' },
    storage,
    http: ghlHttp({ token: fake.accessToken, locationId: fake.locationId, baseUrl: fake.url }),
    mode: 'live',
    clock,
    account: { senderDomain: 'agency.example.com' },
    ...config,
    guardrails: { ...config.guardrails, email: { minDelayMs: 0, ...config.guardrails?.email } },
  })
  return { gateway, outreach: gateway.agent('outreach').with({ grounding: evidence(ann.id, clock) }) }
}

/** Counts of outcomes by status. */
export function tally(outcomes: readonly { readonly status: string }[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
