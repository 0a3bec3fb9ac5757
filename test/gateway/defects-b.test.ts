import { expect, test } from 'vitest'
import { memoryStorage } from '../../src/storage/memory.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, evidence, HTML, mail, type World, world } from './world.js'

/* Section B of the defects of the replaced system; the table of all is in defects-a.test.ts. */

const WIDE = { perHour: 1000, perDomainHour: 1000, perDay: 1000, minDelayMs: 0 }
const asNow = ({ gateway, ann, clock }: World) => gateway.agent('outreach').with({ grounding: evidence(ann.id, clock) })

test('defect 18: the hour rolls: 40 mails in 20 minutes round ten o’clock are not possible', async () => {
  const made = await world({ guardrails: { email: { ...WIDE, perHour: 20 } } })
  made.clock.set('2026-01-14T14:50:00Z')
  for (let n = 0; n < 40; n++) {
    await asNow(made).execute(mail(made.ann.id))
    made.clock.advance(30_000)
  }
  expect(made.fake.sent).toHaveLength(20)
})

test('defect 18: the same month a year later begins at zero', async () => {
  const made = await world({ guardrails: { email: { ...WIDE, perMonth: 1 } } })
  await asNow(made).execute(mail(made.ann.id))
  expect(codesOf(await asNow(made).execute(mail(made.ann.id)))).toEqual(['email.monthly_limit'])
  made.clock.set('2027-01-13T15:00:00Z')
  expect(await asNow(made).execute(mail(made.ann.id))).toMatchObject({ status: 'executed' })
})

test('defect 20: working hours are those of the recipient, wherever the server stands', async () => {
  const made = await world()
  made.clock.set('2026-01-14T14:00:00Z')
  const west = made.fake.addContact({ email: 'w@west.example', timezone: 'America/Los_Angeles' })
  const toWest = made.gateway.agent('outreach').with({ grounding: evidence(west.id, made.clock) })
  expect(codesOf(await toWest.execute(mail(west.id)))).toEqual(['time.outside_hours'])
  expect(await asNow(made).execute(mail(made.ann.id))).toMatchObject({ status: 'executed' })
})

test.each(['ANN@Acme.Example', 'ann@ACME.EXAMPLE', 'ann@mail.acme.example'])(
  'defect 21: another spelling, another sender or none opens no second count for a domain: %s',
  async (email) => {
    const { gateway, outreach, ann, fake, clock } = await world({ guardrails: { email: { perDomainHour: 2 } } })
    const other = fake.addContact({ email, timezone: 'America/New_York', phone: '+12125550199' })
    await outreach.execute(mail(ann.id, { from: 'a@one.example' }))
    await outreach.execute(mail(ann.id))
    const toOther = gateway.agent('outreach').with({ grounding: evidence(other.id, clock) })
    expect(codesOf(await toOther.execute(mail(other.id, { from: 'b@two.example' })))).toEqual(['email.domain_limit'])
  },
)

test.each([undefined, 'sam@Agency.Example.COM', '"Sam" <sam@agency.example.com>', 'sam@news.agency.example.com'])(
  'defect 21: a resting domain rests in every spelling, and for who names no sender: %s',
  async (from) => {
    const { gateway, outreach, ann } = await world()
    await gateway.health.record('agency.example.com', 'complaint', { count: 5 })
    expect(codesOf(await outreach.execute(mail(ann.id, from === undefined ? {} : { from })))).toContain('domain.cooling')
  },
)

test('defect 22: a domain whose mails all bounce may not send, and its complaints count though nothing was sent yet', async () => {
  const { gateway, outreach, ann, fake } = await world({ guardrails: { email: WIDE } })
  for (let n = 0; n < 20; n++) await outreach.execute(mail(ann.id))
  await gateway.health.record('agency.example.com', 'bounce', { count: 20 })
  expect(await gateway.health.of('agency.example.com')).toMatchObject({
    healthy: false,
    counters: { totalSent: 20, bounces: 20 },
  })
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['domain.cooling'])
  expect(await gateway.health.record('never-seen.example', 'complaint')).toMatchObject({ healthy: expect.any(Boolean) })
  expect((await gateway.health.of('never-seen.example')).counters.complaints).toBe(1)
  expect(fake.sent).toHaveLength(20)
})

test('a report of nothing, or about nobody, is an error and leaves no record', async () => {
  const { gateway } = await world()
  const record = (...given: unknown[]) => gateway.health.record(...(given as Parameters<typeof gateway.health.record>))
  await expect(record('agency.example.com', 'bounced')).rejects.toThrow(/`event` is "bounced".*"bounce"/)
  await expect(record()).rejects.toThrow(/`domain` is missing, expected/)
  for (const domain of ['https://agency.example.com', 'agency', 5, 'a b.example'])
    await expect(record(domain, 'bounce')).rejects.toThrow(/`domain` is .*, expected a domain such as "agency.example"/)
  await expect(gateway.health.of('https://agency.example.com')).rejects.toThrow(/`domain`/)
  for await (const { kind } of gateway.audit.records()) expect(kind).not.toBe('operator')
  expect(await record('Sam <sam@news.agency.example.com>', 'bounce')).toMatchObject({ healthy: true })
  expect(await record('unknown', 'bounce')).toMatchObject({ healthy: true })
  expect((await gateway.health.of('agency.example.com')).counters.bounces).toBe(1)
})

test('defect 22: what one gateway learns of a domain the other one knows at its next mail', async () => {
  const storage = memoryStorage()
  const first = await world({ storage })
  const second = gatewayOn(first, storage)
  expect(await second.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  await first.gateway.health.record('agency.example.com', 'complaint', { count: 5 })
  expect(codesOf(await second.outreach.execute(mail(first.ann.id)))).toEqual(['domain.cooling'])
})

test.each([
  ['feel free to write; freedom, resurgent, the selected few', undefined],
  ['our non-stop service never stopped, so shall we talk about the second warehouse', 'compliance.opt_out_missing'],
  ['hello {{contact.first_name}}', 'content.merge_tag'],
])('defect 23: words are read as words: "%s"', async (text, code) => {
  const { outreach, ann } = await world()
  const way = code === 'compliance.opt_out_missing' ? '' : HTML
  const found = codesOf(await outreach.execute(mail(ann.id, { html: `<p>Hi Ann, ${text}.</p>${way}` })))
  expect(found).toEqual(code === undefined ? [] : expect.arrayContaining([code]))
})

test.each(['ＦＲＥＥ ＭＯＮＥＹ', 'F\u200bREE MO\u200bNEY', 'FRЕЕ MОNEY', 'F R E E  M O N E Y'])(
  'defect 23: a disguise is seen through: %s',
  async (subject) => {
    const { outreach, ann } = await world()
    const spam = mail(ann.id, { subject, html: `<p>${subject}: act now, you are a winner! Buy now.</p>${HTML}` })
    expect(codesOf(await outreach.execute(spam))).toContain('content.spam')
  },
)

test('defect 26: a gateway nobody has looked at is not called healthy, and its reads run when it is critical', async () => {
  const { gateway, outreach, ann } = await world()
  expect(await gateway.system.snapshot()).toMatchObject({ status: 'unchecked', readiness: { ready: false } })
  await expect(gateway.system.report('api_ghl', 'DOWN' as never)).rejects.toThrow(/status/)
  await gateway.system.report('supabase_db', 'down')
  expect(await outreach.execute({ type: 'read_contact', contactId: ann.id })).toMatchObject({ status: 'executed' })
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['system.critical'])
})

test('defect 27: "All" is every platform: QUEEN may use GoHighLevel', async () => {
  const { gateway, ann, clock } = await world()
  const queen = gateway.agent('queen').with({ grounding: evidence(ann.id, clock) })
  expect(await queen.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
})

test('defect 28: the limit of a role counts under the name the action has', async () => {
  const role = {
    permissions: ['send_email', 'trigger_workflow'],
    platforms: ['GoHighLevel'],
    limitsPerHour: { email_send: 1, workflow_trigger: 1 },
  }
  const made = await world()
  const { outreach } = gatewayOn(made, memoryStorage(), { agents: { outreach: role } } as never)
  const { id } = made.fake.addWorkflow({})
  const start = { type: 'trigger_workflow', contactId: made.ann.id, workflowId: id } as const
  for (const action of [mail(made.ann.id), start]) {
    expect(await outreach.execute(action)).toMatchObject({ status: 'executed' })
    expect(codesOf(await outreach.execute(action))).toEqual(['agent.hourly_limit'])
  }
})

test('defect 29: asking for a handle again, or making the gateway again, gives no new quota', async () => {
  const storage = memoryStorage()
  const agents = { outreach: { permissions: ['send_email'], platforms: ['GoHighLevel'], limitsPerHour: { email_send: 2 } } }
  const made = await world()
  for (let n = 0; n < 6; n++) await gatewayOn(made, storage, { agents } as never).outreach.execute(mail(made.ann.id))
  expect(made.fake.sent).toHaveLength(2)
})

test('defect 33: what failed was not sent and gives its unit back; what may have been sent keeps it', async () => {
  const { outreach, ann, fake } = await world({ guardrails: { email: { perHour: 1 } } })
  fake.fail({ match: { method: 'POST' }, status: 422 })
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'failed' })
  fake.fail({ match: { method: 'POST' }, status: 502 })
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'unknown' })
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['email.hourly_limit'])
})

test('defect 36: what is approved is sent as it was asked for: nothing in it is masked', async () => {
  const { gateway, outreach, ann, fake } = await world({ approvals: { requireFor: ['update_contact'] } })
  const contact = { customFields: [{ id: 'f1', value: 'auth_token=abc, token_count=7' }] }
  const outcome = await outreach.execute({ type: 'update_contact', contactId: ann.id, contact })
  await gateway.approvals.approve(outcome.status === 'pending_approval' ? outcome.approvalId : '')
  expect(fake.received({ method: 'PUT' }).map(({ body }) => body)).toEqual([contact])
})
