import { describe, expect, test } from 'vitest'
import { contact } from '../../src/testing/index.js'
import { codesOf, evidence, HTML, mail, type World, world } from './world.js'

const NIGHT = '2026-01-14T08:00:00Z'

function everything(made: World) {
  return made.gateway.agent('everything').with({ grounding: evidence(made.ann.id, made.clock) })
}

/** An agent that may do all this without asking: only the guardrails stand between it and people. */
const open = () =>
  world({
    agents: { outreach: 'GHL_MASTER', everything: 'EVERYTHING' },
    roles: {
      EVERYTHING: {
        permissions: [
          'write_contacts',
          'write_crm',
          'write_leads',
          'send_bulk',
          'spend_money',
          'send_message',
          'trigger_workflow',
        ],
        platforms: ['GoHighLevel'],
      },
    },
  })

describe('an appointment', () => {
  const book = (contactId: string, more = {}) =>
    ({
      type: 'create_calendar_event',
      event: { calendarId: 'calendar_1', contactId, startTime: '2026-01-20T15:00:00Z', ...more },
    }) as const

  test('is told to nobody who wants no texts or mails, whether it is made, moved or taken back', async () => {
    const made = await open()
    const { gateway, ann, fake } = made
    const agent = everything(made)
    const booked = await agent.execute(book(ann.id))
    expect(booked).toMatchObject({ status: 'executed' })
    expect(fake.sent).toHaveLength(1)
    const eventId = fake.state.appointments[0]?.id ?? ''
    await gateway.suppressions.add({ channel: 'sms', address: '+12125550123' }, { cause: 'stopped' })
    expect(codesOf(await agent.execute(book(ann.id)))).toEqual(['recipient.suppressed'])
    const moved = { type: 'update_calendar_event', eventId, event: { startTime: '2026-01-21T15:00:00Z' } } as const
    expect(codesOf(await agent.execute(moved))).toEqual(['recipient.suppressed'])
    expect(codesOf(await agent.execute({ type: 'delete_calendar_event', eventId }))).toEqual(['recipient.suppressed'])
    expect(fake.sent).toHaveLength(1)
    const remove = {
      type: 'ghl_request',
      method: 'DELETE',
      path: `/calendars/events/${eventId}`,
      body: { toNotify: false },
    } as const
    const refused = await agent.execute(remove)
    expect(refused).toMatchObject({
      reasons: [{ code: 'recipient.suppressed', message: expect.stringMatching(/toNotify: false; to cancel one so/) }],
    })
    const quietly = { ...moved, event: { appointmentStatus: 'cancelled', toNotify: false } }
    expect(await agent.execute(quietly)).toMatchObject({ status: 'executed' })
    expect(fake.sent).toHaveLength(1)
  })

  test('is told in the evening too: its own contact made it', async () => {
    const made = await open()
    made.clock.set(NIGHT)
    expect(await everything(made).execute(book(made.ann.id))).toMatchObject({ status: 'executed' })
  })

  test('whose contact GHL does not tell is not touched; one that is not there is for GHL to say', async () => {
    const made = await open()
    const { fake } = made
    const agent = everything(made)
    expect(await agent.execute({ type: 'delete_calendar_event', eventId: 'gone' })).toMatchObject({
      status: 'failed',
      error: { status: 404 },
    })
    fake.fail({ match: 'GET /calendars/events/appointments/*', status: 500 })
    expect(codesOf(await agent.execute({ type: 'delete_calendar_event', eventId: 'any' }))).toEqual(['recipient.unresolved'])
    expect(fake.received('DELETE /calendars/events/*')).toHaveLength(1)
  })
})

describe('an action on several people', () => {
  const tags = (contactIds: readonly string[]) =>
    ({ type: 'bulk_update_contacts', contactIds, tags: ['spring'], mode: 'add' }) as const

  test.each([
    ['suppressed by address', 'recipient.suppressed'],
    ['not to be disturbed', 'recipient.dnd'],
    ['asleep', 'time.outside_hours'],
    ['deleted in GHL', 'recipient.unresolved'],
  ])('is refused before a human is asked when one of them is %s', async (why, code) => {
    const made = await open()
    const { fake, gateway, ann } = made
    const bob = fake.addContact({
      email: 'bob@b.example',
      timezone: why === 'asleep' ? 'Asia/Tokyo' : 'America/New_York',
      ...(why === 'not to be disturbed' && { dnd: true }),
    })
    if (why === 'suppressed by address')
      await gateway.suppressions.add({ channel: 'email', address: 'bob@b.example' }, { cause: 'complaint' })
    const ids = [ann.id, why === 'deleted in GHL' ? 'nobody' : bob.id]
    const outcome = await everything(made).execute(tags(ids))
    expect(codesOf(outcome)).toEqual([code])
    if (why !== 'deleted in GHL' && outcome.status === 'blocked') expect(outcome.reasons[0].message).toContain(bob.id)
    expect(fake.received('POST /contacts/bulk/*')).toHaveLength(0)
  })

  test('is judged again when it runs: who said stop since is not reached', async () => {
    const made = await open()
    const { fake, gateway, ann } = made
    const bob = fake.addContact({ email: 'bob@b.example', timezone: 'America/New_York' })
    const held = await everything(made).execute(tags([ann.id, bob.id]))
    expect(held).toMatchObject({ status: 'pending_approval' })
    await gateway.suppressions.add({ channel: 'email', address: 'bob@b.example' }, { cause: 'unsubscribed' })
    const ran = await gateway.approvals.approve(held.status === 'pending_approval' ? held.approvalId : '', { by: 'maria' })
    expect(ran).toMatchObject({ outcome: { status: 'blocked', reasons: [{ code: 'recipient.suppressed' }] } })
  })

  test('a campaign asks for everybody it names, and keeps the hours of e-mail', async () => {
    const made = await open()
    const { ann } = made
    const campaign = { type: 'bulk_send_email', campaignId: 'news', contactIds: [ann.id] } as const
    const held = await everything(made).execute(campaign)
    expect(held).toMatchObject({ status: 'pending_approval', reasons: [{ rule: 'approval.critical' }] })
    made.clock.set('2026-01-15T08:00:00Z')
    expect(codesOf(await everything(made).execute(campaign))).toEqual(['time.outside_hours'])
    expect(await everything(made).execute({ ...campaign, sendAt: '2026-01-16T15:00:00Z' })).toMatchObject({
      reasons: [{ code: 'unsupported_action' }],
    })
  })

  test('everybody a human has to look at is named, under each law', async () => {
    const made = await open()
    const { fake, gateway, ann } = made
    const who = [
      { email: 'a@maple.example', country: 'CA', timezone: 'America/Toronto' },
      { email: 'b@maple.example', country: 'CA', timezone: 'America/Toronto' },
      { email: 'c@gmail.com', country: 'GB', timezone: 'Europe/London' },
    ].map((each) => fake.addContact(each).id)
    const held = await everything(made).execute({ type: 'bulk_send_email', campaignId: 'n', contactIds: [ann.id, ...who] })
    expect(held).toMatchObject({
      status: 'pending_approval',
      reasons: [
        {
          rule: 'law.casl-consent',
          data: { contactIds: who.slice(0, 2) },
          message: expect.stringMatching(/^Contacts \S+, \S+: /),
        },
        { rule: 'law.pecr', data: { contactIds: who.slice(2) } },
        { rule: 'approval.critical' },
      ],
    })
    expect(await gateway.approvals.list({ status: 'pending' })).toHaveLength(1)
  })

  test('what only warns is told too, of one and of several', async () => {
    const made = await open()
    const { fake, ann, clock } = made
    const bob = fake.addContact({ phone: '+12125550177', timezone: 'America/New_York' })
    const { id: workflowId } = fake.addWorkflow({})
    const one = { type: 'trigger_workflow', contactId: ann.id, workflowId } as const
    const grounding = evidence(ann.id, clock)
    expect(await made.gateway.agent('outreach').with({ grounding }).execute(one)).toMatchObject({
      status: 'executed',
      warnings: [{ rule: 'law.tcpa-consent' }],
    })
    expect(await everything(made).execute(tags([ann.id, bob.id]))).toMatchObject({
      status: 'pending_approval',
      warnings: [{ rule: 'law.tcpa-consent', data: { contactIds: [ann.id, bob.id] } }],
    })
  })

  test('tags are taken away from whoever has them, at any hour', async () => {
    const made = await open()
    const { fake, ann, clock } = made
    clock.set(NIGHT)
    const bob = fake.addContact({ email: 'bob@b.example', dnd: true })
    const held = await everything(made).execute({ ...tags([ann.id, bob.id]), mode: 'remove' })
    expect(held).toMatchObject({ status: 'pending_approval', reasons: [{ rule: 'approval.critical' }] })
    expect(fake.calls).toHaveLength(0)
  })

  test('contacts some of which name their location are of one location', async () => {
    const { locationId: _, ...nowhere } = contact()
    const resolveContact = async (id: string) => ({ ...nowhere, id, ...(id === 'c1' && { locationId: 'l1' }) })
    const made = await world({ resolveContact })
    const outreach = made.gateway.agent('outreach').with({ grounding: evidence('c1', made.clock) })
    expect(await outreach.execute(tags(['c1', 'c2']))).toMatchObject({ status: 'pending_approval' })
  })

  test('looked up at the same time they stay inside what GHL allows', async () => {
    const made = await open()
    const { fake } = made
    const ids = Array.from(
      { length: 160 },
      (_, n) => fake.addContact({ email: `p${n}@d${n}.example`, timezone: 'America/New_York' }).id,
    )
    const asked = await Promise.all([0, 40, 80, 120].map((from) => everything(made).execute(tags(ids.slice(from, from + 40)))))
    expect(asked.map((outcome) => codesOf(outcome)[0]).sort()).toEqual([
      'ghl.rate_limit',
      'ghl.rate_limit',
      'grounding.other_contact',
      'grounding.other_contact',
    ])
    expect(fake.received('GET /contacts/*')).toHaveLength(80)
  })

  test('more than can be looked up are for a human to look at, and the reason says so', async () => {
    const made = await open()
    const { fake, ann } = made
    const others = Array.from({ length: 50 }, (_, n) =>
      fake.addContact({ email: `p${n}@d${n}.example`, timezone: 'America/New_York' }),
    )
    const outcome = await everything(made).execute(tags([ann.id, ...others.map(({ id }) => id)]))
    expect(outcome).toMatchObject({
      status: 'pending_approval',
      reasons: [{ rule: 'recipient.too_many' }, { rule: 'approval.critical' }],
    })
    expect(fake.received('GET /contacts/*')).toHaveLength(50)
  })

  test('they are looked up only where GHL has room for all of them', async () => {
    const made = await world({ guardrails: { ghl: { per10s: 5 } } })
    const { fake, ann, outreach } = made
    const others = Array.from({ length: 5 }, (_, n) => fake.addContact({ email: `p${n}@d${n}.example` }))
    expect(codesOf(await outreach.execute(tags([ann.id, ...others.map(({ id }) => id)])))).toEqual(['ghl.rate_limit'])
    expect(fake.calls).toHaveLength(0)
  })
})

test.each([
  ['/proposals/document/send', { documentId: 'd1', sentBy: 'u1' }],
  ['/invoices/estimate/e1/send', { action: 'sms_and_email', userId: 'u1', altType: 'location' }],
])('a send that does not say to whom waits for a human: %s', async (path, body) => {
  const made = await open()
  const at = path.startsWith('/invoices') ? { altId: made.fake.locationId } : { locationId: made.fake.locationId }
  const outcome = await everything(made).execute({ type: 'ghl_request', method: 'POST', path, body: { ...body, ...at } })
  expect(outcome).toMatchObject({
    status: 'pending_approval',
    reasons: [{ code: 'recipient.unresolved', rule: 'recipient.unnamed' }],
  })
})

test.each([
  ['create_contact', (body: object) => ({ type: 'create_contact', contact: body }) as const],
  ['upsert', (body: object) => ({ type: 'ghl_request', method: 'POST', path: '/contacts/upsert', body }) as const],
])('%s starts nothing for an address or a number on the suppression list', async (_, action) => {
  const made = await open()
  const { fake, gateway } = made
  fake.addWorkflow({ trigger: { tag: 'lead' }, sends: [{ type: 'SMS', message: 'Welcome' }] })
  await gateway.suppressions.add({ channel: 'sms', address: '+1 212 555 0177' }, { cause: 'stopped' })
  await gateway.suppressions.add({ domain: 'dune.example' }, { cause: 'do_not_contact' })
  const { locationId } = fake
  for (const who of [{ phone: '+12125550177' }, { email: 'x@y.example', additionalEmails: [{ email: 'Dov@Dune.example' }] }]) {
    const outcome = await everything(made).execute(action({ ...who, tags: ['lead'], locationId }) as never)
    expect(codesOf(outcome)).toEqual(['recipient.suppressed'])
    expect(JSON.stringify(outcome)).not.toMatch(/5550177|dov@/i)
  }
  expect(fake.sent).toHaveLength(0)
})

test.each(['timezone', 'country', 'state', 'postalCode'])('no agent says where a known contact is: %s', async (member) => {
  const made = await open()
  const { fake, ann } = made
  const put = { type: 'update_contact', contactId: ann.id, contact: { [member]: 'X' } } as const
  expect(await everything(made).execute(put)).toMatchObject({ status: 'pending_approval' })
  const body = { email: 'ann@acme.example', [member]: 'X', locationId: fake.locationId }
  const upsert = { type: 'ghl_request', method: 'POST', path: '/contacts/upsert', body } as const
  expect(await everything(made).execute(upsert)).toMatchObject({ status: 'pending_approval' })
})

test('an inbound message that nobody wrote is evidence of a consent that nobody gave: it waits for a human', async () => {
  const made = await world({
    agents: { outreach: 'GHL_MASTER', forger: 'FORGER' },
    roles: { FORGER: { permissions: ['manage_consent'], platforms: ['GoHighLevel'] } },
  })
  const start = { type: 'SMS', contactId: made.ann.id, message: 'START', conversationProviderId: 'p1' }
  const outcome = await made.gateway
    .agent('forger')
    .with({ grounding: evidence(made.ann.id, made.clock) })
    .execute({ type: 'ghl_request', method: 'POST', path: '/conversations/messages/inbound', body: start })
  expect(outcome).toMatchObject({ status: 'pending_approval' })
})

test.each([
  [{ toEmail: 'ann@acme.example', forwardToEmail: 'eve@evil.example' }, 'says twice'],
  [{ toEmail: 'ann@acme.example', recipientContactId: 'eve' }, 'says twice'],
  [{ toEmail: 'ann@acme.example', cc: ['eve@evil.example'] }, '"forward.cc" is not a member'],
])('a forward has one recipient that is told: %o', async (forward, said) => {
  const { outreach, ann, fake } = await world()
  const body = { type: 'Email', contactId: ann.id, subject: 'Your second warehouse', html: HTML, forward }
  const outcome = await outreach.execute({ type: 'ghl_request', method: 'POST', path: '/conversations/messages', body })
  expect(outcome).toMatchObject({
    status: 'blocked',
    reasons: [{ code: 'unreadable_body', message: expect.stringContaining(said) }],
  })
  expect(fake.calls).toHaveLength(0)
})

test('a look-up that GHL refuses for too many calls says when to come back', async () => {
  const { outreach, ann, fake, clock } = await world()
  fake.fail({ match: 'GET /contacts/*', status: 429, headers: { 'retry-after': '45' } })
  const outcome = await outreach.execute(mail(ann.id))
  expect(outcome).toMatchObject({ status: 'blocked', reasons: [{ code: 'ghl.rate_limit' }], retryAt: clock.now() + 45_000 })
})

test('who said stop can be set to do-not-disturb, by its id or by what an upsert finds it by, also behind the time', async () => {
  const { outreach, gateway, ann, clock, fake } = await world()
  await outreach.execute({ type: 'read_contact', contactId: ann.id })
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'stopped' })
  await gateway.suppressions.add({ channel: 'email', address: 'ann@acme.example' }, { cause: 'unsubscribed' })
  clock.advance(-150_000)
  const set = { type: 'update_contact', contactId: ann.id, contact: { dndSettings: { SMS: { status: 'active' } } } } as const
  expect(await outreach.check(set)).toMatchObject({ verdict: 'allow' })
  expect(await outreach.execute(set)).toMatchObject({ status: 'executed' })
  const body = { email: 'ann@acme.example', dnd: true, locationId: fake.locationId }
  const upsert = { type: 'ghl_request', method: 'POST', path: '/contacts/upsert', body } as const
  expect(await outreach.execute(upsert)).toMatchObject({ status: 'executed' })
  expect(await outreach.execute({ ...upsert, body: { ...body, tags: ['lead'] } })).toMatchObject({ status: 'blocked' })
})
