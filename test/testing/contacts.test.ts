import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeGhl, type FakeGhl, fakeClock } from '../../src/testing/index.js'
import { call, sdk } from './helpers.js'

let fake: FakeGhl
beforeEach(async () => {
  fake = await createFakeGhl({ clock: fakeClock() })
})
afterEach(() => fake.close())

test('create, read, change and delete through the SDK', async () => {
  const { contacts } = sdk(fake)
  const made = await contacts.createContact({
    locationId: fake.locationId,
    name: 'Ada Byron',
    email: 'Ada@example.com',
    tags: ['a'],
  })
  const contactId = made.contact?.id ?? ''
  expect(await contacts.getContact({ contactId })).toMatchObject({
    contact: { firstName: 'Ada', lastName: 'Byron', emailLowerCase: 'ada@example.com', dnd: false, dndSettings: {} },
  })
  expect(await contacts.updateContact({ contactId }, { tags: ['b'], timezone: 'Europe/Berlin' })).toMatchObject({
    succeded: true,
    contact: { tags: ['b'], timezone: 'Europe/Berlin', email: 'Ada@example.com' },
  })
  expect(await contacts.deleteContact({ contactId })).toMatchObject({ succeded: true })
  await expect(contacts.getContact({ contactId })).rejects.toMatchObject({ statusCode: 400 })
})

test('a second contact with the same e-mail or phone is refused and the first is named', async () => {
  const first = fake.addContact({ email: 'ada@example.com', phone: '+12125550123' })
  for (const [field, value] of [
    ['email', 'ADA@example.com'],
    ['phone', '+12125550123'],
  ] as const) {
    expect(await call(fake, 'POST /contacts/', { locationId: fake.locationId, [field]: value })).toMatchObject({
      status: 400,
      body: { message: 'This location does not allow duplicated contacts.', meta: { contactId: first.id, matchingField: field } },
    })
  }
  expect(fake.state.contacts).toHaveLength(1)
})

test('duplicates may be allowed', async () => {
  const open = await createFakeGhl({ allowDuplicates: true })
  open.addContact({ email: 'ada@example.com' })
  expect((await call(open, 'POST /contacts/', { locationId: open.locationId, email: 'ada@example.com' })).status).toBe(201)
  await open.close()
})

test('upsert merges by e-mail first, then phone, and replaces the tags', async () => {
  const byMail = fake.addContact({ email: 'ada@example.com', tags: ['old'] })
  fake.addContact({ email: null, phone: '+12125550123' })
  const body = { locationId: fake.locationId, email: 'ada@example.com', phone: '+12125550123', tags: ['new'] }
  expect(await sdk(fake).contacts.upsertContact(body)).toMatchObject({ new: false, contact: { id: byMail.id, tags: ['new'] } })
  expect((await call(fake, 'POST /contacts/upsert', { ...body, email: 'x@example.com', phone: '+12125550199' })).body.new).toBe(
    true,
  )
})

test('search gives pages and leaves the do-not-disturb settings out', async () => {
  for (let i = 0; i < 5; i++) fake.addContact({ tags: i % 2 ? ['odd'] : [], dndSettings: { SMS: { status: 'active' } } })
  const { body: first } = await call(fake, 'POST /contacts/search', { locationId: fake.locationId, pageLimit: 3 })
  expect([first.total, first.contacts.length, first.contacts[0].dndSettings]).toEqual([5, 3, undefined])
  const rest = { locationId: fake.locationId, pageLimit: 3, searchAfter: first.contacts[2].searchAfter }
  expect((await call(fake, 'POST /contacts/search', rest)).body.contacts).toHaveLength(2)
  const odd = { locationId: fake.locationId, filters: [{ field: 'tags', operator: 'contains', value: ['odd'] }] }
  expect((await call(fake, 'POST /contacts/search', odd)).body.total).toBe(2)
  expect((await call(fake, 'POST /contacts/search', { pageLimit: 501 })).status).toBe(422)
})

test('the old list and the duplicate search find contacts too', async () => {
  const { id } = fake.addContact({ firstName: 'Grace', email: 'grace@example.com' })
  fake.addContact()
  const query = `locationId=${fake.locationId}`
  expect((await call(fake, `GET /contacts/?${query}&query=grace`)).body).toMatchObject({ contacts: [{ id }], meta: { total: 1 } })
  expect((await call(fake, `GET /contacts/search/duplicate?${query}&email=grace@example.com`)).body.contact.id).toBe(id)
})

test('a change of consent is told to subscribers, a wrong status is refused', async () => {
  const { id } = fake.addContact()
  await call(fake, `PUT /contacts/${id}`, { dndSettings: { Email: { status: 'active' } } })
  expect(fake.webhooks.events.map(({ type }) => type)).toEqual(['ContactUpdate', 'ContactDndUpdate'])
  expect((await call(fake, `PUT /contacts/${id}`, { dndSettings: { Email: { status: 'on' } } })).status).toBe(422)
})

test('a tag starts the workflow that waits for it: one call, messages to many', async () => {
  fake.addWorkflow({ id: 'welcome', trigger: { tag: 'lead' }, sends: [{ type: 'SMS', message: 'Welcome' }] })
  const ids = [fake.addContact(), fake.addContact(), fake.addContact({ dnd: true })].map(({ id }) => id)
  const body = { contacts: ids, tags: ['lead'], locationId: fake.locationId }
  expect(await sdk(fake).contacts.createAssociation({ type: 'add' }, body)).toMatchObject({ succeded: true, errorCount: 0 })
  expect(fake.state.enrolments).toHaveLength(3)
  expect(fake.sent).toMatchObject([{ source: 'workflow', body: 'Welcome' }, { source: 'workflow' }])
})

test('tags are added once, removed, and wiped in bulk', async () => {
  const contact = fake.addContact({ tags: ['a'] })
  const { contacts } = sdk(fake)
  expect(await contacts.addTags({ contactId: contact.id }, { tags: ['a', 'b'] })).toMatchObject({
    tags: ['a', 'b'],
    tagsAdded: ['b'],
  })
  expect(await contacts.removeTags({ contactId: contact.id }, { tags: ['a'] })).toMatchObject({ tags: ['b'], tagsRemoved: ['a'] })
  const wipe = { contacts: [contact.id], tags: [], locationId: fake.locationId, removeAllTags: true }
  await contacts.createAssociation({ type: 'remove' }, wipe)
  expect(contact.tags).toEqual([])
})

test('workflow and campaign enrolments are kept with their end', async () => {
  const { id } = fake.addContact()
  const { contacts } = sdk(fake)
  await contacts.addContactToWorkflow({ contactId: id, workflowId: 'w' }, {})
  await contacts.addContactToCampaign({ contactId: id, campaignId: 'c1' }, {})
  await contacts.addContactToCampaign({ contactId: id, campaignId: 'c2' }, {})
  await contacts.removeContactFromCampaign({ contactId: id, campaignId: 'c1' })
  expect(fake.state.enrolments.map(({ id, removedAt }) => [id, removedAt !== null])).toEqual([
    ['w', false],
    ['c1', true],
    ['c2', false],
  ])
  await contacts.removeContactFromEveryCampaign({ contactId: id })
  expect(fake.state.enrolments.filter(({ removedAt }) => removedAt === null)).toMatchObject([{ kind: 'workflow' }])
})

test('remove-all exists under v3 only; under an older version it is a campaign of that name', async () => {
  const { id } = fake.addContact()
  await call(fake, `POST /contacts/${id}/campaigns/c1`, {})
  await call(fake, `DELETE /contacts/${id}/campaigns/remove-all`)
  expect(fake.state.enrolments[0]?.removedAt).toBeNull()
  await call(fake, `DELETE /contacts/${id}/campaigns/remove-all`, undefined, { version: 'v3' })
  expect(fake.state.enrolments[0]?.removedAt).not.toBeNull()
})

test('tasks and notes belong to their contact', async () => {
  const [mine, other] = [fake.addContact(), fake.addContact()]
  const { contacts } = sdk(fake)
  const { body } = await call(fake, `POST /contacts/${mine.id}/tasks`, {
    title: 'Call',
    dueDate: '2026-03-03T15:00:00Z',
    completed: false,
  })
  await contacts.updateTaskCompleted({ contactId: mine.id, taskId: body.task.id }, { completed: true })
  expect(await contacts.getAllTasks({ contactId: mine.id })).toMatchObject({ tasks: [{ title: 'Call', completed: true }] })
  expect((await call(fake, `GET /contacts/${other.id}/tasks/${body.task.id}`)).status).toBe(404)
  const { note } = await contacts.createNote({ contactId: mine.id }, { body: 'Met at the fair' })
  await contacts.updateNote({ contactId: mine.id, id: note?.id ?? '' }, { body: 'Met twice' })
  expect(await contacts.getAllNotes({ contactId: mine.id })).toMatchObject({ notes: [{ body: 'Met twice' }] })
  await contacts.deleteNote({ contactId: mine.id, id: note?.id ?? '' })
  expect(fake.state.notes).toEqual([])
})
