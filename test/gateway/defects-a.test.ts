import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileStorage } from '../../src/storage/file/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, evidence, mail, world } from './world.js'

/*
 * The 45 defects of the replaced system, and where it is proved that this one does not have them. `a` = here,
 * `b` = defects-b.test.ts, `c` = defects-cd.test.ts, beside this file; the others are the rooms' own tests.
 *
 *  1 a, pipeline           16 a, concurrency              31 concurrency, circuit-breaker/core
 *  2 a, pipeline           17 c, testing of doors/        32 circuit-breaker/defects, breaker
 *  3 a, original-tests     18 b, limits/email             33 b, limits/reserve
 *  4 a, limits/reserve     19 no warm-up here             34 no context handoff yet
 *  5 a, system             20 b, guardrails/time          35 no lead router yet
 *  6 system, restart       21 b, limits/email             36 b, approvals, approvals/approvals
 *  7 a, approvals          22 b, guardrails/domain-health 37 c, audit/chain
 *  8 a, rollout            23 b, guardrails/content       38 c, audit/redact
 *  9 a, guardrails/content 24 system, orchestrator/       39 c, faults
 * 10 a, guardrails/ground. 25 orchestrator/readiness      40 c; LinkedIn is not here
 * 11 a, breaker            26 b, orchestrator/system      41 alerts/
 * 12 a                     27 b, permissions/             42 c
 * 13 a, storage/file       28 b, limits/reserve           43 no handoff queue yet
 * 14 a, storage/file       29 b, limits/reserve           44 c
 * 15 a, concurrency        30 c, original-tests           45 c
 */

const SPAM = '<p>Act now, you are a winner! Buy now.</p><p><a href="https://a.example/u">Unsubscribe</a></p>'
const TEXT = 'Hi Ann, Sam from Example Agency here. Are you still on for Tuesday? Reply STOP to opt out'

test('defects 1 and 2: an allowed action really calls GHL and brings back its answer', async () => {
  const { outreach, ann, fake } = await world()
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed', value: { messageId: expect.any(String) } })
  expect(fake.sent).toHaveLength(1)
})

test('defect 3: an agent sends under its own role and name, and can take no other', async () => {
  const { gateway, ann, clock } = await world()
  const grounding = evidence(ann.id, clock)
  expect(await gateway.agent('outreach').with({ grounding }).execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  const posing = { ...mail(ann.id), agent: 'queen' } as never
  expect(codesOf(await gateway.agent('scout').execute(posing))).toEqual(['invalid_action'])
  expect(() => gateway.agent('scout').with({ agent: 'queen' } as never)).toThrow(/agent/)
})

test('defect 4: every send is counted: of 40 back to back, 5 reach one domain', async () => {
  const { outreach, ann, fake } = await world()
  for (let n = 0; n < 40; n++) await outreach.execute(mail(ann.id))
  expect(fake.sent).toHaveLength(5)
})

test('defect 5: an emergency stop is not undone by the next action', async () => {
  const { gateway, outreach, ann } = await world()
  await gateway.system.emergencyStop({ reason: 'leak' })
  for (let n = 0; n < 3; n++) expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['system.emergency_stop'])
})

test('defect 7: an action that waits for a human is a request that can be approved, also where the role asks for it', async () => {
  const { gateway, fake, outreach } = await world()
  const contacts = [fake.addContact().id]
  const campaign = { type: 'bulk_send_email', campaignId: 'c1', contactIds: contacts } as const
  const found = await outreach
    .with({ grounding: { source: 'ghl', dataId: contacts[0] ?? '', verifiedAt: Date.parse('2026-01-14T15:00:00Z') } })
    .execute({ ...campaign, contactIds: contacts })
  expect(codesOf(found).every((code) => code === 'approval.required' || code.startsWith('time.'))).toBe(true)
  expect((await gateway.approvals.list()).flatMap(({ reasons }) => reasons.map(({ rule }) => rule))).toContain('approval.role')
})

test('defect 8: in shadow mode nothing is sent', async () => {
  const { outreach, ann, fake } = await world({ mode: 'shadow' })
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'shadowed' })
  expect(fake.sent).toHaveLength(0)
})

test('defect 9: spam is blocked, and "no unsubscribe needed" is no way out', async () => {
  const { outreach, ann } = await world()
  expect(codesOf(await outreach.execute(mail(ann.id, { subject: 'FREE MONEY ACT NOW', html: SPAM })))).toContain('content.spam')
  const none = mail(ann.id, { html: '<p>Hi Ann, shall we talk next week? No unsubscribe needed.</p>' })
  expect(codesOf(await outreach.execute(none))).toContain('compliance.opt_out_missing')
})

test.each([
  ['dated 2099', { verifiedAt: '2099-01-01T00:00:00Z' }, 'grounding.future'],
  ['without a record', { dataId: '' }, 'grounding.invalid'],
  ['about somebody else', { dataId: 'another' }, 'grounding.other_contact'],
  ['from nowhere', { source: 'hearsay' }, 'grounding.source'],
  ['without a time', { verifiedAt: undefined }, 'grounding.invalid'],
  ['an hour and a second old', { verifiedAt: Date.parse('2026-01-14T13:59:59Z') }, 'grounding.stale'],
])('defect 10: evidence %s is refused, and the refusal is audited', async (_, forged, code) => {
  const { gateway, ann, clock, fake } = await world()
  const grounding = { ...evidence(ann.id, clock), ...forged }
  const outreach = gateway.agent('outreach').with({ grounding: grounding as never })
  const found = codesOf(await outreach.execute(mail(ann.id)))
  expect(found).toContain(code)
  const refusals: unknown[] = []
  for await (const { codes } of gateway.audit.records({ kind: 'refusal' })) refusals.push(codes)
  expect(refusals).toEqual([found])
  expect(fake.sent).toHaveLength(0)
})

test('defect 11: only a call that was made and went well counts as success', async () => {
  const breakers = { ghl_api: { threshold: 3, openMs: 60_000, probes: 3 } }
  const { gateway, outreach, ann, fake } = await world({ breakers })
  fake.fail({ times: 2, status: 500 })
  for (let n = 0; n < 2; n++) await outreach.execute({ type: 'read_contact', contactId: ann.id })
  for (let n = 0; n < 5; n++) await outreach.check({ type: 'read_contact', contactId: ann.id })
  await outreach.execute({ type: 'trigger_workflow', contactId: 'nobody', workflowId: 'w' })
  await gateway.agent('scout').execute(mail(ann.id))
  fake.fail({ status: 500 })
  await outreach.execute({ type: 'read_contact', contactId: ann.id })
  expect(await gateway.breakers.status()).toMatchObject({ ghl_api: { state: 'open' } })
  expect((await gateway.system.snapshot()).components.find(({ name }) => name === 'api_ghl')).toMatchObject({ status: 'unknown' })
})

test('defect 12: SMS, workflows and mass mail have content, hours and limits too', async () => {
  const { outreach, ann, clock, fake } = await world()
  const text = (message: string) => outreach.execute({ type: 'send_sms', contactId: ann.id, message })
  expect(codesOf(await text('FREE MONEY act now winner! Buy now, guaranteed cash prize'))).toContain('content.spam')
  for (let n = 0; n < 30; n++) await text(TEXT)
  expect(fake.sent).toHaveLength(15)
  expect(codesOf(await text(TEXT))).toEqual(['sms.hourly_limit'])
  clock.set('2026-01-15T06:00:00Z')
  expect(codesOf(await outreach.execute({ type: 'trigger_workflow', contactId: ann.id, workflowId: 'w' }))).toContain(
    'time.outside_hours',
  )
})

test('defect 13: what was written half or damaged is never read as a fresh start', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sendwarden-'))
  const first = await world({ storage: fileStorage(dir) })
  await first.outreach.execute(mail(first.ann.id))
  await first.gateway.close()
  for (const name of readdirSync(dir)) if (!name.includes('lock')) writeFileSync(join(dir, name), '{"torn')
  const second = gatewayOn(first, fileStorage(dir))
  expect(codesOf(await second.outreach.execute(mail(first.ann.id)))).toEqual(['storage.unavailable'])
  expect(first.fake.sent).toHaveLength(1)
  rmSync(dir, { recursive: true })
})

test('defect 14: a stop, a count and a record of one action land together or not at all', async () => {
  const storage = memoryStorage()
  const { outreach, ann, gateway } = await world({ storage })
  await gateway.open()
  const batches: (readonly { key: string }[])[] = []
  const commit = storage.commit
  storage.commit = (given) => {
    batches.push(...given)
    return commit(given)
  }
  await outreach.execute(mail(ann.id))
  const kinds = batches.map((batch) => [...new Set(batch.map(({ key }) => key.split('/')[0]))])
  expect(kinds).toHaveLength(2)
  expect(kinds[0]).toEqual(expect.arrayContaining(['meta', 'system', 'intent', 'q', 'outbox']))
  expect(kinds[1]).toEqual(expect.arrayContaining(['intent', 'outbox']))
})

test('defect 15: a second process cannot open the same directory, and two on one storage erase nothing of each other', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sendwarden-'))
  const first = await world({ storage: fileStorage(dir) })
  await first.outreach.execute(mail(first.ann.id))
  const second = gatewayOn(first, fileStorage(dir))
  expect(codesOf(await second.outreach.execute(mail(first.ann.id)))).toEqual(['storage.unavailable'])
  const storage = memoryStorage()
  const both = [gatewayOn(first, storage), gatewayOn(first, storage)] as const
  for (let n = 0; n < 10; n++) await both[n % 2 ? 0 : 1].outreach.execute(mail(first.ann.id))
  expect(first.fake.sent).toHaveLength(1 + 5)
  await first.gateway.close()
  rmSync(dir, { recursive: true })
})

test('defect 16: there is no gap between the check and the count: of 50 at once at a limit of 2, 2 go out', async () => {
  const { outreach, ann, fake } = await world({ guardrails: { email: { perHour: 2 } } })
  await Promise.all(Array.from({ length: 50 }, () => outreach.execute(mail(ann.id))))
  expect(fake.sent).toHaveLength(2)
})
