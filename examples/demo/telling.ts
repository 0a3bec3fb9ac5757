import { expect } from './narrator.js'
import type { World } from './world.js'

export function intro(): void {
  console.log(`sendwarden stands between AI agents and the GoHighLevel CRM (GHL). Five agents work here through the official SDK:
   outreach (sends), scout (finds leads), crafter (writes campaigns), keeper (approves and rejects), ops (keeps the contacts).
   Maria is the operator, a human. Times are New York's. Each line: who tried what -> what happened, and why.`)
}

/** What GHL really got: every request, and every message that left. */
export function received({ fake, story }: World): void {
  const counts = new Map<string, number>()
  for (const { method, path } of fake.calls) {
    const name = `${method} ${path.replaceAll(/(contact|email|message)_\d+/g, '{id}')}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  console.log('\nWhat the GoHighLevel in this process really received:')
  for (const [name, count] of [...counts].sort(([a], [b]) => a.localeCompare(b)))
    console.log(`   ${String(count).padStart(5)}  ${name}`)

  const changing = fake.calls.filter(({ method }) => method !== 'GET').length
  const mails = fake.sent.filter(({ type }) => type === 'Email').length
  console.log(`   GET /contacts is mostly the gateway itself: it asks who somebody is before every send.
   ${changing} calls changed something; the gateway let ${story.changed.size} through. ${mails} e-mails left, one was cancelled before.`)
  expect(changing === story.changed.size, 'GHL received something that was not admitted, or the other way round')
  expect(mails === 154, `154 e-mails were to leave, ${mails} did`)
  expect(fake.received('DELETE /contacts/*').length === 0, 'a contact was deleted')
}

export async function audited({ office, story }: World): Promise<void> {
  const verified = await office.gateway.audit.verify()
  expect(story.faults.length === 0, `the gateway complained: ${String(story.faults[0])}`)
  expect(verified.ok, 'the audit does not verify')
  console.log(`\naudit: verified (${verified.records} records)`)
}
