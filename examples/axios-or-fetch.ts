// Clients without the SDK: an axios instance, any object that holds one, or a fetch function. `npx tsx examples/axios-or-fetch.ts`
import axios from 'axios'
import { createGateway, ghlHttp, isGatewayBlocked, memoryStorage, withGateway } from 'sendwarden'
import { createFakeGhl } from 'sendwarden/testing'

const fake = await createFakeGhl()
const { id } = fake.addContact()
const headers = { authorization: `Bearer ${fake.accessToken}`, version: '2021-07-28' }

const gateway = createGateway({
  agents: { reader: { permissions: ['read_contacts'], platforms: ['GoHighLevel'] } },
  storage: memoryStorage(),
  // Says which host is GHL, and serves look-ups and approved requests. In production leave baseUrl out.
  http: ghlHttp({ token: fake.accessToken, locationId: fake.locationId, baseUrl: fake.url }),
  mode: 'live',
})
const reader = gateway.agent('reader')

// A fetch function: hand the guarded one to whatever library takes a fetch.
const fetch = withGateway(globalThis.fetch, reader)
const answer = await fetch(`${fake.url}/contacts/${id}`, { headers })
console.log('fetch reads:', answer.status)

// An axios instance.
const http = withGateway(axios.create({ baseURL: fake.url, headers }), reader)
console.log('axios reads:', (await http.get(`/contacts/${id}`)).status)

// A class of your own that holds an axios instance.
class Crm {
  private readonly http = axios.create({ baseURL: fake.url, headers })
  async remove(contactId: string): Promise<void> {
    await this.http.delete(`/contacts/${contactId}`)
  }
}
const crm = withGateway(new Crm(), reader)
await crm.remove(id).catch((error: unknown) => {
  if (!isGatewayBlocked(error)) throw error
  console.log('crm removes:', error.outcome.reasons[0].code)
})

console.log(`${fake.calls.length} requests arrived, ${fake.received('DELETE').length} of them to delete.`)
await gateway.close()
await fake.close()
