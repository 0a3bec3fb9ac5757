import { describe, expect, test } from 'vitest'
import type { Message } from '../../src/core/message.js'
import { candidateIds, detailRequests, findSent, lookups } from '../../src/ghl/reconcile.js'
import { classified, HOST, NOW } from './requests.js'

const window = { from: NOW, to: NOW + 60_000 }
const sms: Message = { channel: 'sms', contactId: 'c1', recipients: [{ kind: 'contact' }], text: 'Hello  Ann,\nshall we talk?' }
const email: Message = {
  channel: 'email',
  contactId: 'c1',
  recipients: [{ kind: 'contact' }],
  subject: 'Offer',
  html: '<p>Hello&nbsp;Ann</p>',
}

const stored = (more: object = {}) => ({
  id: 'm1',
  messageType: 'TYPE_SMS',
  contactId: 'c1',
  direction: 'outbound',
  source: 'api',
  body: 'Hello Ann, shall we talk?',
  dateAdded: new Date(NOW + 1000).toISOString(),
  ...more,
})
const sent = { id: 'm1' }
const list = (...messages: object[]) => ({ messages })

describe('where to look', () => {
  test('one read, classified as an export, for that contact and that time', () => {
    const [request, ...more] = lookups(sms, { host: HOST, locationId: 'loc1', ...window })
    expect(more).toEqual([])
    expect(request && classified(request)).toMatchObject({ reads: true, contactIds: ['c1'], locationId: 'loc1' })
    expect(request?.query).toMatchObject({ startDate: '2026-06-12T12:00:00.000Z', endDate: '2026-06-12T12:01:00.000Z' })
  })

  test('nowhere, when the contact or the location is not known', () => {
    expect(lookups(sms, { host: HOST, ...window })).toEqual([])
    expect(lookups({ channel: 'sms', recipients: [] }, { host: HOST, locationId: 'loc1', ...window })).toEqual([])
  })

  test('e-mails without a body are fetched one by one', () => {
    const body = list(stored({ messageType: 'TYPE_EMAIL', body: undefined, meta: { email: { messageIds: ['e1'] } } }))
    expect(detailRequests(email, window, body, { host: HOST }).map(({ path }) => path)).toEqual([
      '/conversations/messages/email/e1',
    ])
  })
})

describe('a message', () => {
  test('found once, in either shape of the list, was sent', () => {
    expect(findSent(sms, window, list(stored()))).toMatchObject(sent)
    expect(findSent(sms, window, { messages: { messages: [stored()], nextPage: false } })).toMatchObject(sent)
  })

  test('found twice is ambiguous; the same one in two answers is one', () => {
    expect(findSent(sms, window, list(stored(), stored({ id: 'm2' })))).toBe('ambiguous')
    expect(findSent(sms, window, [list(stored()), list(stored())])).toMatchObject(sent)
  })

  test.each([
    ['another text', { body: 'Something else' }],
    ['another contact', { contactId: 'c2' }],
    ['another channel', { messageType: 'TYPE_WHATSAPP' }],
    ['an answer from the contact', { direction: 'inbound' }],
    ['what a workflow sent', { source: 'workflow' }],
    ['an earlier one', { dateAdded: new Date(NOW - 1).toISOString() }],
    ['a later one', { dateAdded: new Date(NOW + 60_001).toISOString() }],
  ])('is not %s', (_, more) => {
    expect(findSent(sms, window, list(stored(more)))).toBe('not_found')
  })

  test('with words GHL added around it is still the message', () => {
    expect(findSent(sms, window, list(stored({ body: 'Hello Ann, shall we talk? Reply STOP to opt out.' })))).toMatchObject(sent)
  })

  test('that GHL fills in itself cannot be recognised', () => {
    expect(findSent({ ...sms, text: 'Hello {{contact.first_name}}' }, window, list(stored()))).toBe('ambiguous')
    expect(findSent({ ...sms, templateId: 't1' }, window, list(stored()))).toBe('ambiguous')
    expect(findSent({ ...sms, templateId: 't1' }, window, list())).toBe('not_found')
  })

  test('as an e-mail is ambiguous in the list and settled by its details', () => {
    const entry = stored({ messageType: 'TYPE_EMAIL', body: undefined, meta: { email: { messageIds: ['e1'] } } })
    const detail = {
      id: 'e1',
      contactId: 'c1',
      direction: 'outbound',
      source: 'api',
      dateAdded: entry.dateAdded,
      body: '<div>Hello Ann</div>',
    }
    expect(findSent(email, window, list(entry))).toBe('ambiguous')
    expect(findSent(email, window, [list(entry), detail])).toEqual({ id: 'e1' })
    expect(findSent(email, window, [list(entry), { ...detail, body: 'Other' }])).toBe('not_found')
  })
})

describe('what others are known to have sent', () => {
  test('is not the message, and leaves the one that is', () => {
    const both = list(stored(), stored({ id: 'm2' }))
    expect(candidateIds(sms, window, both)).toEqual(['m1', 'm2'])
    expect(findSent(sms, window, both, new Set(['m1']))).toEqual({ id: 'm2' })
    expect(findSent(sms, window, both, new Set(['m1', 'm2']))).toBe('not_found')
  })

  test('is told e-mail by e-mail, where a list entry stands for several', () => {
    const thread = stored({ messageType: 'TYPE_EMAIL', body: undefined, meta: { email: { messageIds: ['e1', 'e2'] } } })
    const mailOf = (id: string) => ({ ...stored(), id, messageType: undefined, body: 'Hello Ann' })
    const answers = [list(thread), mailOf('e1'), mailOf('e2')]
    expect(candidateIds(email, window, answers)).toEqual(['e1', 'e2'])
    expect(findSent(email, window, answers)).toBe('ambiguous')
    expect(findSent(email, window, answers, new Set(['e1']))).toEqual({ id: 'e2' })
  })
})

describe('absence', () => {
  test('needs a list that reaches back far enough', () => {
    const old = stored({ body: 'x', dateAdded: new Date(NOW - 5000).toISOString() })
    expect(findSent(sms, window, { messages: [stored({ body: 'x' })], nextPage: true })).toBe('ambiguous')
    expect(findSent(sms, window, { messages: [old], nextPage: true })).toBe('not_found')
    expect(findSent(sms, window, { messages: [old], nextCursor: 'c' })).toBe('ambiguous')
  })

  test.each([[null], ['text'], [{}], [[]], [{ messages: 'none' }]])('cannot be told from %j', (body) => {
    expect(findSent(sms, window, body)).toBe('ambiguous')
  })
})
