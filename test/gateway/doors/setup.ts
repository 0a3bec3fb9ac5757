import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HighLevel } from '@gohighlevel/api-client'
import { HighLevel as OlderHighLevel } from 'ghl-api-client-3.0'
import { afterEach, expect } from 'vitest'
import type { GatewayConfig } from '../../../src/gateway/config.js'
import { type Agent, createGateway, type Gateway, PERMISSIONS, withGateway } from '../../../src/index.js'
import { memoryStorage } from '../../../src/storage/memory.js'
import type { Storage } from '../../../src/storage/storage.js'
import { createFakeGhl, type FakeClock, type FakeGhl, fakeClock } from '../../../src/testing/index.js'
import { evidence, HTML, MORNING } from '../world.js'

export const SDKS = { '3.1.0': HighLevel, '3.0.0': OlderHighLevel as unknown as typeof HighLevel }

export interface Doors {
  readonly clock: FakeClock
  readonly fake: FakeGhl
  readonly gateway: Gateway
  readonly ann: { readonly id: string }
  /** May do everything; its evidence about ann is fresh. */
  readonly boss: Agent
  /** May read contacts and nothing else. */
  readonly reader: Agent
  /** May do nothing. */
  readonly nobody: Agent
  /** The SDK as the host holds it. */
  readonly raw: HighLevel
  /** The SDK as the boss holds it. */
  readonly ghl: HighLevel
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const role = (permissions: typeof PERMISSIONS | readonly (typeof PERMISSIONS)[number][]) => ({ permissions, platforms: ['All'] })

/** A live gateway, a fake GHL over real HTTP, and the official SDK between them. */
export async function doors(config: Partial<GatewayConfig> = {}, Sdk = HighLevel, make = sdk): Promise<Doors> {
  const clock = fakeClock(MORNING)
  const fake = await createFakeGhl({ clock })
  const ann = fake.addContact({ email: 'ann@acme.example', phone: '+12125550123', timezone: 'America/New_York' })
  const gateway = createGateway({
    agents: { boss: 'all', reader: 'reader', nobody: 'none' },
    roles: { all: role(PERMISSIONS), reader: role(['read_contacts']), none: role([]) },
    storage: memoryStorage(),
    mode: 'live',
    clock,
    account: { senderDomain: 'agency.example.com' },
    guardrails: { email: { minDelayMs: 0 } },
    ...config,
  })
  const boss = gateway.agent('boss').with({ grounding: evidence(ann.id, clock) })
  const raw = make(fake, Sdk)
  const ghl = withGateway(raw, boss)
  closing.push(fake.close, gateway.close)
  return { clock, fake, gateway, ann, boss, reader: gateway.agent('reader'), nobody: gateway.agent('nobody'), raw, ghl }
}

export function sdk(fake: FakeGhl, Sdk = HighLevel, more: object = {}): HighLevel {
  const raw = new Sdk({ privateIntegrationToken: fake.accessToken, apiVersion: '2021-07-28', logLevel: 'none', ...more } as never)
  raw.getHttpClient().defaults.baseURL = fake.url
  return raw
}

/** Storage in memory; `happen` runs between the begin commit of an action and its call. */
export function betweenCommitAndCall(happen: () => void): Storage {
  const inner = memoryStorage()
  return {
    ...inner,
    async commit(batches) {
      const results = await inner.commit(batches)
      if (batches.flat().some(({ op, key }) => op === 'put' && key.startsWith('intent/'))) happen()
      return results
    },
  }
}

/** A server nobody should ever talk to. */
export async function evilServer(): Promise<{ url: string; received: string[] }> {
  const received: string[] = []
  const server = createServer((request, response) => {
    received.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`)
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

/** A mail that nobody has a reason to refuse, in the SDK's type, which wrongly requires `subType` and `status`. */
export function mailBody(contactId: string, more: object = {}) {
  return { type: 'Email', contactId, subject: 'Your second warehouse', html: HTML, ...more } as never
}

export async function errorOf(call: () => unknown): Promise<Error & Record<string, unknown>> {
  try {
    await call()
  } catch (error) {
    return error as Error & Record<string, unknown>
  }
  return expect.fail('expected it to throw')
}

/** The reason codes a call was refused with. */
export async function codesOf(call: () => unknown): Promise<readonly string[]> {
  const error = await errorOf(call)
  const { outcome } = error as { outcome?: { reasons?: readonly { code: string }[] } }
  return outcome?.reasons?.map(({ code }) => code) ?? [`${error.name}: ${error.message}`]
}
