import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import type { Gateway, WebhookResult } from '../../src/gateway/index.js'
import { type World, world } from './world.js'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

export interface Listening {
  readonly url: string
  /** What the gateway made of each delivery, in their order. */
  readonly results: WebhookResult[]
}

/** A host's route as the documents show it: the raw body and the headers go to the gateway, its status comes back. */
export async function listen(gateway: Gateway): Promise<Listening> {
  const results: WebhookResult[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const result = await gateway.webhooks.handle(Buffer.concat(chunks), request.headers)
    results.push(result)
    response.writeHead(result.httpStatus).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => new Promise((resolve) => server.close(() => resolve())))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ghl`, results }
}

/** A live gateway that hears the fake GHL's webhooks over HTTP. */
export async function hearing(config: Parameters<typeof world>[0] = {}, ...oldKeys: string[]): Promise<World & Listening> {
  const made = await world(config, (fake) => ({ webhooks: { publicKey: [...oldKeys, fake.webhooks.publicKey] } }))
  const listening = await listen(made.gateway)
  made.fake.webhooks.subscribe(listening.url)
  return { ...made, ...listening }
}
