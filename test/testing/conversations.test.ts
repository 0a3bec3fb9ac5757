import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeGhl, type FakeContact, type FakeGhl, fakeClock } from '../../src/testing/index.js'
import { call, mailTo, sdk, textTo } from './helpers.js'

const INBOUND = 'POST /conversations/messages/inbound'
let fake: FakeGhl
let contact: FakeContact
beforeEach(async () => {
  fake = await createFakeGhl({ clock: fakeClock() })
  contact = fake.addContact()
})
afterEach(() => fake.close())

test('STOP by SMS sets do-not-disturb for SMS and says so; START lifts it', async () => {
  await call(fake, INBOUND, { type: 'SMS', contactId: contact.id, message: ' Stop ' })
  expect(contact.dndSettings.SMS).toMatchObject({ status: 'active' })
  expect(fake.webhooks.events.map(({ type }) => type)).toEqual(['InboundMessage', 'ContactDndUpdate'])
  expect((await call(fake, 'POST /conversations/messages', textTo(contact.id))).body.message).toContain('DND is active for SMS')
  fake.reply(contact, 'START')
  expect((await call(fake, 'POST /conversations/messages', textTo(contact.id))).status).toBe(201)
})

test('STOP inside a sentence or in another language is left to whoever reads', () => {
  fake.reply(contact, 'please stop writing')
  fake.reply(contact, 'please stop')
  fake.reply(contact, 'ARRET')
  expect(contact.dndSettings.SMS).toBeUndefined()
})

test('an inbound message needs a conversation or a contact', async () => {
  expect((await call(fake, INBOUND, { type: 'SMS', message: 'x' })).status).toBe(400)
  const { body } = await call(fake, INBOUND, { type: 'SMS', contactId: contact.id, message: 'x' })
  expect((await call(fake, INBOUND, { type: 'SMS', conversationId: body.conversationId, message: 'y' })).body.contactId).toBe(
    contact.id,
  )
})

test('a conversation is found by its contact and lists its messages newest first, in the shape of live servers', async () => {
  const ghl = sdk(fake)
  await ghl.conversations.sendANewMessage(textTo(contact.id, 'one'))
  fake.reply(contact, 'two')
  const { conversations } = await ghl.conversations.searchConversation({ locationId: fake.locationId, contactId: contact.id })
  expect(conversations).toMatchObject([{ contactId: contact.id, unreadCount: 1, lastMessageBody: 'two' }])
  const { body } = await call(fake, `GET /conversations/${conversations[0]?.id}/messages?limit=1`)
  expect(body.messages).toMatchObject({ nextPage: true, messages: [{ body: 'two', direction: 'inbound' }] })
  const rest = await call(
    fake,
    `GET /conversations/${conversations[0]?.id}/messages?lastMessageId=${body.messages.lastMessageId}`,
  )
  expect(rest.body.messages).toMatchObject({ nextPage: false, messages: [{ body: 'one', direction: 'outbound' }] })
})

test('the flat list is there for who trusts the published description', async () => {
  const flat = await createFakeGhl({ messageList: 'flat' })
  flat.reply(flat.addContact(), 'hi')
  const { body } = await call(flat, `GET /conversations/${flat.state.conversations[0]?.id}/messages`)
  expect(body.messages).toMatchObject([{ body: 'hi' }])
  await flat.close()
})

test('messages export pages through a location', async () => {
  for (const text of ['one', 'two', 'three']) fake.reply(contact, text)
  const ghl = sdk(fake)
  const first = await ghl.conversations.exportMessagesByLocation({ locationId: fake.locationId, limit: 2 })
  expect(first).toMatchObject({ total: 3, messages: [{ body: 'one' }, { body: 'two' }] })
  const cursor = first.nextCursor ?? ''
  expect(await ghl.conversations.exportMessagesByLocation({ locationId: fake.locationId, cursor })).toMatchObject({
    messages: [{ body: 'three' }],
    nextCursor: null,
  })
})

test('messages export holds e-mail only when asked for it, and can be cut by time', async () => {
  await call(fake, 'POST /conversations/messages', mailTo(contact.id))
  await call(fake, 'POST /conversations/messages', textTo(contact.id))
  const query = { locationId: fake.locationId, contactId: contact.id }
  const list = async (more: object) => (await sdk(fake).conversations.exportMessagesByLocation({ ...query, ...more })).messages
  expect(await list({})).toMatchObject([{ messageType: 'TYPE_SMS' }])
  const emailMessageId = fake.sent[0]?.emailMessageId
  expect(await list({ channel: 'Email' })).toMatchObject([
    { messageType: 'TYPE_EMAIL', meta: { email: { messageIds: [emailMessageId] } } },
  ])
  const [before, now] = [fake.clock.now() - 1, fake.clock.now()].map((ms) => new Date(ms).toISOString())
  expect([(await list({ startDate: now, endDate: now })).length, (await list({ endDate: before })).length]).toEqual([1, 0])
})

test('leaving all mail refuses mail; coming back takes a legal reason', async () => {
  const change = (action: object, more = {}) =>
    call(fake, 'POST /conversations/preferences/unsubscriptions/user-change', {
      locationId: fake.locationId,
      contactId: contact.id,
      email: contact.email,
      subscription_action: action,
      ...more,
    })
  await change({ type: 'unsub_all' })
  expect((await call(fake, 'POST /conversations/messages', mailTo(contact.id))).body.message).toContain('unsubscribed')
  expect((await change({ type: 'resub_all' })).status).toBe(422)
  expect((await change({ type: 'resub_all' }, { legal_reason: 'asked in writing' })).status).toBe(201)
  await change({ type: 'subtype', subtype_id: 'news', subtype_status: 'unsubscribed' })
  const query = `locationId=${fake.locationId}&contactId=${contact.id}`
  expect((await call(fake, `GET /conversations/preferences/unsubscriptions/status?${query}`)).body).toMatchObject({
    unsubscribedAll: false,
    subtypes: [{ subtypeId: 'news', status: 'unsubscribed' }],
  })
})

test('a deleted conversation is gone, and a new message opens another', async () => {
  const { body } = await call(fake, 'POST /conversations/', { locationId: fake.locationId, contactId: contact.id })
  await call(fake, `DELETE /conversations/${body.conversation.id}`)
  expect((await call(fake, `GET /conversations/${body.conversation.id}`)).status).toBe(404)
  const sent = await call(fake, 'POST /conversations/messages', textTo(contact.id))
  expect(sent.body.conversationId).not.toBe(body.conversation.id)
})
