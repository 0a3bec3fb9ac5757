import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeGhl, type FakeContact, type FakeGhl, fakeClock } from '../../src/testing/index.js'
import { call, mailTo, sdk, textTo } from './helpers.js'

const SEND = 'POST /conversations/messages'
const clock = fakeClock()
let fake: FakeGhl
let contact: FakeContact
beforeEach(async () => {
  clock.set('2026-03-02T15:00:00Z')
  fake = await createFakeGhl({ clock })
  contact = fake.addContact({ email: 'ada@example.com', phone: '+12125550123', additionalEmails: ['ada@work.example.com'] })
})
afterEach(() => fake.close())

async function refusal(body: object): Promise<unknown> {
  const reply = await call(fake, SEND, body)
  return [reply.status, reply.body.message]
}

test('all nine channel types leave', async () => {
  fake.reply(contact, 'hi', 'WhatsApp')
  for (const type of ['SMS', 'RCS', 'Email', 'WhatsApp', 'IG', 'FB', 'Custom', 'Live_Chat', 'TIKTOK']) {
    expect(await call(fake, SEND, { type, contactId: contact.id, message: 'Hello' })).toMatchObject({
      status: 201,
      body: { messageId: expect.any(String), conversationId: expect.any(String), status: 'queued' },
    })
  }
  expect(fake.sent.map(({ to }) => to[0])).toEqual([
    '+12125550123',
    '+12125550123',
    'ada@example.com',
    '+12125550123',
    ...Array(5).fill(contact.id),
  ])
})

test('an unknown type, an unknown contact and an empty message are refused', async () => {
  expect(await refusal({ type: 'Fax', contactId: contact.id })).toMatchObject([
    422,
    [expect.stringContaining('type must be one of')],
  ])
  expect(await refusal(textTo('nobody'))).toEqual([400, 'Contact not found'])
  expect(await refusal({ type: 'SMS', contactId: contact.id })).toMatchObject([
    400,
    expect.stringContaining('no message or attachments'),
  ])
  expect(fake.state.messages).toEqual([])
})

test.each([
  ['SMS', 'active'],
  ['Email', 'permanent'],
  ['WhatsApp', 'active'],
] as const)('do-not-disturb on %s (%s) refuses that channel and no other', async (type, status) => {
  contact.dndSettings[type] = { status }
  expect(await call(fake, SEND, { type, contactId: contact.id, message: 'Hi' })).toMatchObject({
    status: 400,
    body: { status: 400, message: `Cannot send message as DND is active for ${type}.` },
  })
  const other = type === 'SMS' ? mailTo(contact.id) : textTo(contact.id)
  expect((await call(fake, SEND, other)).status).toBe(201)
})

test('inactive do-not-disturb lets pass, dnd for all refuses everything', async () => {
  contact.dndSettings.SMS = { status: 'inactive' }
  expect((await call(fake, SEND, textTo(contact.id))).status).toBe(201)
  contact.dnd = true
  expect(await refusal({ type: 'IG', contactId: contact.id, message: 'Hi' })).toEqual([
    400,
    'Cannot send message as DND is active for IG.',
  ])
})

test('who unsubscribed gets no mail, except of a subtype taken up again', async () => {
  contact.unsubscribeEmail = true
  expect(await refusal(mailTo(contact.id))).toEqual([400, 'Cannot send email as ada@example.com has unsubscribed'])
  contact.subscriptions.receipts = 'subscribed'
  expect((await call(fake, SEND, mailTo(contact.id, { customSubtypeId: 'receipts' }))).status).toBe(201)
})

test('a contact without a phone or a usable address cannot be reached', async () => {
  const bare = fake.addContact({ email: null, phone: null })
  expect(await refusal(textTo(bare.id))).toEqual([400, 'Missing phone number'])
  expect(await refusal(mailTo(bare.id))).toEqual([400, "Unable to send e-mail, contact's e-mail is invalid"])
  bare.phone = '5550123'
  expect(await refusal(textTo(bare.id))).toEqual([400, 'Invalid country calling code'])
})

test('emailTo must be an address of the contact; cc and bcc may be anybody', async () => {
  expect(await refusal(mailTo(contact.id, { emailTo: 'eve@example.com' }))).toMatchObject([
    400,
    expect.stringContaining('emailTo'),
  ])
  await call(
    fake,
    SEND,
    mailTo(contact.id, { emailTo: 'ada@work.example.com', emailCc: ['c@example.com'], emailBcc: ['b@example.com'] }),
  )
  expect(fake.sent).toMatchObject([{ to: ['ada@work.example.com'], cc: ['c@example.com'], bcc: ['b@example.com'] }])
})

test('WhatsApp takes free text within a day of the last inbound message, a template always', async () => {
  const free = { type: 'WhatsApp', contactId: contact.id, message: 'Hi' }
  expect(await refusal(free)).toMatchObject([400, expect.stringContaining('24 hour')])
  expect((await call(fake, SEND, { ...free, templateId: 'welcome' })).status).toBe(201)
  fake.reply(contact, 'hello', 'WhatsApp')
  expect((await call(fake, SEND, free)).status).toBe(201)
  clock.advance(86_400_001)
  expect(await refusal(free)).toMatchObject([400, expect.anything()])
})

test('the same body twice is two messages: there is no idempotency', async () => {
  await call(fake, SEND, textTo(contact.id))
  await call(fake, SEND, textTo(contact.id))
  expect(fake.sent).toHaveLength(2)
})

test('a scheduled message leaves when its second comes, and not before', async () => {
  const at = clock.now() + 60_000
  const { body } = await call(fake, SEND, textTo(contact.id, 'Later', { scheduledTimestamp: at / 1000 }))
  expect(body.status).toBe('scheduled')
  clock.advance(59_999)
  await fake.tick()
  expect(fake.sent).toEqual([])
  clock.advance(1)
  await fake.tick()
  expect(fake.sent).toMatchObject([{ id: body.messageId, sentAt: at }])
})

test('the next request is enough for a scheduled message to leave', async () => {
  await call(fake, SEND, textTo(contact.id, 'Later', { scheduledTimestamp: clock.now() / 1000 + 1 }))
  clock.advance(5000)
  await call(fake, 'GET /workflows')
  expect(fake.sent).toMatchObject([{ sentAt: clock.now() - 4000 }])
})

test('scheduledTimestamp in milliseconds is refused instead of kept for ever', async () => {
  expect(await refusal(textTo(contact.id, 'Hi', { scheduledTimestamp: clock.now() + 1000 }))).toMatchObject([
    422,
    [expect.stringContaining('seconds')],
  ])
})

test('GHL may choose the moment itself', async () => {
  await call(fake, SEND, mailTo(contact.id, { usesNativeSchedulingAi: true, optimizationPeriod: '48h' }))
  expect(fake.state.messages).toMatchObject([{ status: 'scheduled', scheduledFor: clock.now() + 24 * 3_600_000 }])
})

test('a cancelled schedule never leaves; cancelling what has left says 404 in a 200', async () => {
  const ghl = sdk(fake)
  const soon = { scheduledTimestamp: clock.now() / 1000 + 60 }
  const sms = await ghl.conversations.sendANewMessage(textTo(contact.id, 'Later', soon))
  const mail = await ghl.conversations.sendANewMessage(mailTo(contact.id, soon))
  expect(await ghl.conversations.cancelScheduledMessage({ messageId: sms.messageId })).toMatchObject({ status: 200 })
  expect(await ghl.conversations.cancelScheduledEmailMessage({ emailMessageId: mail.emailMessageId ?? '' })).toMatchObject({
    status: 200,
  })
  clock.advance(60_000)
  await fake.tick()
  expect(fake.sent).toEqual([])
  const gone = await ghl.conversations.sendANewMessage(textTo(contact.id))
  expect(await ghl.conversations.cancelScheduledMessage({ messageId: gone.messageId })).toMatchObject({
    status: 404,
    message: 'Failed cancel the scheduled message',
  })
})

test('do-not-disturb set after scheduling does not stop the message, unless the fake is told to look again', async () => {
  const later = { scheduledTimestamp: clock.now() / 1000 + 60 }
  await call(fake, SEND, textTo(contact.id, 'Later', later))
  fake.reply(contact, 'STOP')
  clock.advance(60_000)
  await fake.tick()
  expect(fake.sent).toHaveLength(1)

  const careful = await createFakeGhl({ clock, recheckScheduled: true })
  const { id } = careful.addContact()
  await call(careful, SEND, textTo(id, 'Later', { scheduledTimestamp: clock.now() / 1000 + 60 }))
  careful.reply(id, 'STOP')
  clock.advance(60_000)
  await careful.tick()
  expect([careful.sent, careful.state.messages[0]?.status]).toEqual([[], 'failed'])
  await careful.close()
})

test('the delivery script says how each message ends, and when', async () => {
  fake.deliver((message) => (message.body === 'bad' ? { status: 'failed', afterMs: 5000, error: 'landline' } : 'delivered'))
  await call(fake, SEND, textTo(contact.id, 'good'))
  const { body } = await call(fake, SEND, textTo(contact.id, 'bad'))
  expect((await call(fake, `GET /conversations/messages/${body.messageId}`)).body.status).toBe('sent')
  clock.advance(5000)
  expect((await call(fake, `GET /conversations/messages/${body.messageId}`)).body.status).toBe('failed')
  expect(fake.state.messages.map(({ timeline }) => timeline.map(({ status }) => status))).toEqual([
    ['queued', 'sent', 'delivered'],
    ['queued', 'sent', 'failed'],
  ])
})

test('a sent e-mail is read back by its own id, with its body', async () => {
  const sent = await sdk(fake).conversations.sendANewMessage(mailTo(contact.id))
  const { data } = await sdk(fake).request({ method: 'GET', url: `/conversations/messages/email/${sent.emailMessageId}` })
  expect(data).toMatchObject({
    id: sent.emailMessageId,
    altId: sent.messageId,
    status: 'delivered',
    subject: 'Hello',
    body: '<p>Hello</p>',
  })
})

test('forwarding reaches somebody else', async () => {
  await call(fake, SEND, mailTo(contact.id, { forward: { isForwarded: true, toEmail: 'eve@example.com' } }))
  expect(fake.sent[0]?.to).toEqual(['ada@example.com', 'eve@example.com'])
})
