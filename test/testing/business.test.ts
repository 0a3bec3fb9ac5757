import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeGhl, type FakeContact, type FakeGhl, fakeClock } from '../../src/testing/index.js'
import { call, sdk } from './helpers.js'

const clock = fakeClock()
let fake: FakeGhl
let contact: FakeContact
beforeEach(async () => {
  clock.set('2026-03-02T15:00:00Z')
  fake = await createFakeGhl({ clock })
  contact = fake.addContact()
})
afterEach(() => fake.close())

test('an opportunity lives in a pipeline; winning it starts what waits for that', async () => {
  const { opportunities } = sdk(fake)
  fake.addWorkflow({
    trigger: { opportunityStatus: 'won' },
    sends: [{ type: 'Email', subject: 'Thanks', html: '<p>Thanks</p>' }],
  })
  const { pipelines } = await opportunities.getPipelines({ locationId: fake.locationId })
  const pipelineId = pipelines?.[0]?.id ?? ''
  const made = await opportunities.createOpportunity({
    locationId: fake.locationId,
    pipelineId,
    name: 'Deal',
    status: 'open',
    contactId: contact.id,
    monetaryValue: 500,
  })
  const id = made.opportunity?.id ?? ''
  expect(made).toMatchObject({ opportunity: { pipelineStageId: 'stage_1', monetaryValue: 500, contact: { id: contact.id } } })
  await opportunities.updateOpportunity({ id }, { pipelineStageId: 'stage_2' })
  expect(await opportunities.updateOpportunityStatus({ id }, { status: 'won' })).toMatchObject({ succeded: true })
  expect(fake.sent).toMatchObject([{ subject: 'Thanks', source: 'workflow' }])
  expect(fake.webhooks.events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['OpportunityCreate', 'OpportunityStageUpdate', 'OpportunityStatusUpdate']),
  )
  const found = await call(fake, `GET /opportunities/search?location_id=${fake.locationId}&status=won`)
  expect(found.body.meta.total).toBe(1)
})

test('upsert keeps one opportunity per contact and pipeline', async () => {
  const body = { locationId: fake.locationId, pipelineId: 'pipeline_1', name: 'Deal', contactId: contact.id }
  expect((await call(fake, 'POST /opportunities/upsert', body)).body.new).toBe(true)
  expect((await call(fake, 'POST /opportunities/upsert', { ...body, name: 'Bigger' })).body).toMatchObject({
    new: false,
    opportunity: { name: 'Bigger' },
  })
  await call(fake, `DELETE /opportunities/${fake.state.opportunities[0]?.id}`)
  expect(fake.state.opportunities).toEqual([])
})

test('booking tells the contact unless it is asked not to', async () => {
  const { calendars } = sdk(fake)
  const slot = { calendarId: 'calendar_1', locationId: fake.locationId, contactId: contact.id }
  await calendars.createAppointment({ ...slot, startTime: '2026-03-03T15:00:00Z', toNotify: false })
  expect(fake.sent).toEqual([])
  await calendars.createAppointment({ ...slot, startTime: '2026-03-03T17:00:00Z' })
  expect(fake.sent).toMatchObject([{ source: 'calendar', to: [contact.email] }])
})

test('a taken slot is refused unless the check is switched off; events are listed, moved and deleted', async () => {
  const slot = { calendarId: 'calendar_1', contactId: contact.id, startTime: '2026-03-03T15:00:00Z', toNotify: false }
  const { body } = await call(fake, 'POST /calendars/events/appointments', slot)
  expect((await call(fake, 'POST /calendars/events/appointments', slot)).status).toBe(400)
  expect((await call(fake, 'POST /calendars/events/appointments', { ...slot, ignoreFreeSlotValidation: true })).status).toBe(201)
  const path = `/calendars/events/appointments/${body.id}`
  await call(fake, `PUT ${path}`, { startTime: '2026-03-04T15:00:00Z', endTime: '2026-03-04T16:00:00Z' })
  const day = `startTime=${Date.parse('2026-03-04T00:00:00Z')}&endTime=${Date.parse('2026-03-05T00:00:00Z')}`
  expect((await call(fake, `GET /calendars/events?locationId=${fake.locationId}&${day}`)).body.events).toMatchObject([
    { id: body.id },
  ])
  await call(fake, `DELETE /calendars/events/${body.id}`)
  expect((await call(fake, `GET ${path}`)).status).toBe(404)
})

test('whatever costs or asks for money is in the ledger', async () => {
  const alt = { altId: fake.locationId, altType: 'location' }
  const invoice = { ...alt, name: 'March', currency: 'USD', contactDetails: { id: contact.id }, items: [{ amount: 250, qty: 2 }] }
  const { body } = await call(fake, 'POST /invoices/', invoice)
  await call(fake, `POST /invoices/${body.id}/send`, { ...alt, action: 'email', autoPayment: { enable: true } })
  await call(fake, 'POST /invoices/text2pay', { ...invoice, action: 'send' })
  await call(fake, 'POST /marketplace/billing/charges', { locationId: fake.locationId, price: 0.5, units: 3, eventId: 'e' })
  await call(fake, `POST /phone-system/numbers/location/${fake.locationId}/purchase`, { phoneNumber: '+12125550177' })
  expect(fake.state.money.map(({ kind, amount }) => [kind, amount])).toEqual([
    ['invoice_sent', 500],
    ['invoice_charged', 500],
    ['invoice_sent', 500],
    ['wallet_charge', 1.5],
    ['phone_purchase', 1.15],
  ])
  expect(fake.sent.map(({ type, source }) => `${source} ${type}`)).toEqual(['invoice Email', 'invoice Email', 'invoice SMS'])
})

test('an invoice sent by hand reaches nobody', async () => {
  const { body } = await call(fake, 'POST /invoices/', { contactDetails: { id: contact.id }, items: [] })
  await call(fake, `POST /invoices/${body.id}/send`, { action: 'send_manually' })
  expect(fake.sent).toEqual([])
})

test('one mass mail call is one mail to everybody who may get it, under v3 only', async () => {
  fake.addContact({ tags: ['vip'] })
  fake.addContact({ tags: ['vip'], unsubscribeEmail: true })
  const path = `/emails/locations/${fake.locationId}/campaigns/emails`
  const v3 = { version: 'v3' }
  const { body } = await call(fake, `POST ${path}`, { name: 'March', subject: 'News', html: '<p>News</p>' }, v3)
  expect((await call(fake, `POST ${path}/${body.id}/schedule`, {})).status).toBe(404)
  const everybody = { scheduleType: 'immediate', recipients: { type: 'segment', segmentId: 'all' } }
  expect((await call(fake, `POST ${path}/${body.id}/schedule`, everybody, v3)).body.recipients).toBe(2)
  const later = {
    scheduleType: 'scheduled',
    scheduleConfig: { startTime: '2026-03-02T16:00:00Z' },
    recipients: { type: 'tags', tagIds: ['vip'] },
  }
  expect((await call(fake, `POST ${path}/${body.id}/schedule`, later, v3)).body.recipients).toBe(1)
  expect(fake.sent).toHaveLength(2)
  clock.advance(3_600_000)
  await fake.tick()
  expect(fake.sent.map(({ source }) => source)).toEqual(['campaign', 'campaign', 'campaign'])
})

test('templates are listed by both generations of the API', async () => {
  expect((await call(fake, `GET /emails/builder?locationId=${fake.locationId}`)).body).toMatchObject({
    builders: [{ id: 'template_1' }],
  })
  const path = `/emails/locations/${fake.locationId}/templates`
  expect((await call(fake, `GET ${path}`, undefined, { version: 'v3' })).body).toMatchObject({ templates: [{ name: 'Welcome' }] })
})

test('deleting a location or a user is a catastrophe on record', async () => {
  const ghl = sdk(fake)
  await ghl.users.deleteUser({ userId: 'user_1' })
  await ghl.locations.deleteLocation({ locationId: fake.locationId, deleteTwilioAccount: false })
  expect(fake.state.catastrophes).toMatchObject([
    { what: 'user_deleted', id: 'user_1' },
    { what: 'location_deleted', id: fake.locationId },
  ])
})
