import { describe, expect, test } from 'vitest'
import { CHANNELS } from '../../src/core/contact.js'
import { contactRequest, parseContact } from '../../src/ghl/contact-facts.js'
import { classified, HOST } from './requests.js'

const contact = (more: object = {}) => parseContact({ contact: { id: 'c1', ...more }, traceId: 't' })

test('the request reads the contact and nothing else', () => {
  const request = contactRequest('c1', { host: HOST, locationId: 'loc1' })
  expect(classified(request)).toMatchObject({ action: 'read_contact', contactIds: ['c1'], locationId: 'loc1' })
  expect(() => contactRequest('../users', { host: HOST })).toThrow(RangeError)
})

test('a whole contact is read', () => {
  const facts = contact({
    email: 'ann@lead.example',
    additionalEmails: [{ email: 'ann2@lead.example' }, 'ann3@lead.example', { email: 'ann@lead.example' }],
    phone: '+15550100000',
    additionalPhones: [{ phone: '+15550100001' }],
    timezone: 'America/New_York',
    country: 'US',
    firstName: 'Ann',
    companyName: null,
    locationId: 'loc1',
    tags: ['a', 'b'],
    dnd: false,
    dndSettings: { SMS: { status: 'inactive' }, Email: { status: 'inactive' } },
  })
  expect(facts).toEqual({
    id: 'c1',
    emails: ['ann@lead.example', 'ann2@lead.example', 'ann3@lead.example'],
    phones: ['+15550100000', '+15550100001'],
    dndAll: false,
    dnd: [],
    timeZone: 'America/New_York',
    country: 'US',
    firstName: 'Ann',
    locationId: 'loc1',
    tags: ['a', 'b'],
  })
})

describe('do not disturb', () => {
  test('active and permanent mean no, inactive means yes', () => {
    const facts = contact({
      dndSettings: { Email: { status: 'active' }, Call: { status: 'permanent' }, WhatsApp: { status: 'inactive' } },
    })
    expect(facts?.dnd).toEqual(['email', 'call'])
  })

  test.each([['true'], [1], [{}], [true]])('dnd: %j counts as do not disturb on everything', (dnd) => {
    expect(contact({ dnd })?.dndAll).toBe(true)
  })

  test.each([['Inactive'], [''], [null], [false]])('an SMS status of %j cannot be read, so it is no', (status) => {
    expect(contact({ dndSettings: { SMS: { status } } })?.dnd).toContain('sms')
  })

  test('settings that cannot be read close every channel', () => {
    expect(contact({ dndSettings: 'none' })?.dnd).toEqual(CHANNELS)
    expect(contact({ dndSettings: { Pigeon: { status: 'active' } } })?.dnd).toEqual(CHANNELS)
  })

  test('unsubscribing from e-mail closes e-mail', () => {
    expect(contact({ unsubscribeEmail: true })?.dnd).toEqual(['email'])
  })
})

test.each([
  [null],
  [undefined],
  ['text'],
  [[]],
  [{}],
  [{ contact: null }],
  [{ contact: {} }],
  [{ contact: { id: '' } }],
  [{ contacts: [{ id: 'c1' }] }],
])('%j is no contact', (body) => {
  expect(parseContact(body)).toBeNull()
})
