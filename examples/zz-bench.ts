import { createGateway, memoryStorage, withGateway } from 'sendwarden'
import { HighLevel } from '@gohighlevel/api-client'
const make = () => { const r = new HighLevel({ privateIntegrationToken: 'pit-xxxxxxxxx', apiVersion: '2021-07-28' });
 r.getHttpClient().defaults.adapter = async (config: any) => ({ data: JSON.stringify({ contact: { id: 'c1' } }), status: 200, statusText: 'OK', headers: { 'content-type': 'application/json' }, config }); return r }
const ghl = withGateway(make(), createGateway({ agents: { o: 'GHL_MASTER' }, storage: memoryStorage(), mode: 'live', guardrails: { ghl: { per10s: 1000000, perDay: 100000000 } as never } }).agent('o'))
const unguarded = make()
const gateway = createGateway({ agents: { o: 'GHL_MASTER' }, storage: memoryStorage(), mode: 'live' , http: { host: 'services.leadconnectorhq.com', send: async () => ({ status: 200, headers: {}, body: {} }) }, guardrails: { ghl: { per10s: 1000000, perDay: 100000000 } as never } })
let first = 0
async function time(name: string, f: () => Promise<unknown>, n = 3000) { const t: number[] = []; for (let i = 0; i < n; i++) { const a = performance.now(); const v = await f().catch((e) => { if (first++ < 3) console.log(e.message) }) as any; if (v?.status === 'blocked' && first++ < 2) console.log(v); t.push(performance.now() - a) } t.sort((a, b) => a - b); console.log(name, 'p50 us', ((t[n >> 1] ?? 0) * 1000).toFixed(0), 'p95', ((t[Math.floor(n * 0.95)] ?? 0) * 1000).toFixed(0)) }
for (let i = 0; i < 2; i++) {
await time('raw', () => unguarded.contacts.getContact({ contactId: 'c1' }))
await time('wrapped', () => ghl.contacts.getContact({ contactId: 'c1' }))
await time('execute', () => gateway.agent('o').execute({ type: 'read_contact', contactId: 'c1' }))
}
