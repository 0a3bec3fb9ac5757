import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ACTION_RULES, ACTION_TYPES, type Action, actionSchema } from '../../src/core/action.js'
import { requestFor } from '../../src/ghl/request-for.js'
import { classified, HOST, NOW } from './requests.js'

const at = { host: HOST, locationId: 'loc1', now: NOW }

function built(action: Action, place: Parameters<typeof requestFor>[1] = at) {
  const request = requestFor(action, place)
  if ('refused' in request) throw new Error(`refused: ${request.refused.message}`)
  return request
}

const id = fc.string({ unit: fc.constantFrom(...'abcXYZ0189-_ ü@'), minLength: 1, maxLength: 24 })
const ids = fc.array(id, { minLength: 1, maxLength: 5 })
const text = fc.string()
const time = fc.integer({ min: NOW, max: NOW + 1e10 })
const fields = fc.record({ name: text, value: fc.integer() })
const email = {
  contactId: id,
  subject: text,
  html: text,
  cc: fc.constant(['a@b.example']),
  from: fc.constant('Ann <ann@firm.example>'),
}

/** One generator for each action GHL has a call for. */
const SUPPORTED = {
  read_contact: fc.record({ contactId: id }),
  search_contacts: fc.record({ query: text, limit: fc.integer({ min: 1, max: 500 }) }),
  read_pipeline: fc.record({}),
  read_calendar: fc.record({ calendarId: id, from: time, to: time }),
  get_templates: fc.record({}),
  create_contact: fc.record({ contact: fields }),
  update_contact: fc.record({ contactId: id, contact: fc.record({ dnd: fc.boolean(), firstName: text }) }),
  add_tag: fc.record({ contactId: id, tags: ids }),
  remove_tag: fc.record({ contactId: id, tags: ids }),
  create_task: fc.record({ contactId: id, title: text, dueDate: time }),
  update_opportunity: fc.record({ opportunityId: id, opportunity: fields }),
  create_calendar_event: fc.record({ event: fields }),
  update_calendar_event: fc.record({ eventId: id, event: fields }),
  delete_calendar_event: fc.record({ eventId: id }),
  send_email: fc.record(email),
  send_sms: fc.record({ contactId: id, message: text, to: fc.constant('+15550100000') }),
  schedule_email: fc.record({ ...email, sendAt: time }),
  trigger_workflow: fc.record({ contactId: id, workflowId: id }),
  bulk_update_contacts: fc.record({ contactIds: ids, tags: ids, mode: fc.constantFrom('add', 'remove') }),
  bulk_send_email: fc.record({ campaignId: id, contactIds: ids }),
  delete_contact: fc.record({ contactId: id }),
  ghl_request: fc.record({ method: fc.constant('GET'), path: fc.constant('/contacts/c1/notes') }),
}

const SUPPORTED_ENTRIES = Object.entries(SUPPORTED) as unknown as [Action['type'], fc.Arbitrary<object>][]

describe('the request of an action', () => {
  test.each(SUPPORTED_ENTRIES)('%s is classified as that action again, with its rule', (type, parameters) => {
    fc.assert(
      fc.property(parameters, (rest) => {
        const action = { type, ...rest } as Action
        const found = classified(built(action))
        expect(found.action).toBe(type)
        if (type === 'ghl_request' || found.permission === 'manage_consent' || found.protective) return
        expect(found).toMatchObject(ACTION_RULES[type])
      }),
      { numRuns: 50 },
    )
  })

  test('every action type is supported or refused with an explanation', () => {
    const refused = ACTION_TYPES.filter((type) => !(type in SUPPORTED))
    expect(refused).toEqual(['bulk_create_contacts', 'bulk_delete'])
  })

  test.each([
    [{ type: 'bulk_create_contacts', contacts: [{ email: 'a@b.example' }] }, 'create_contact'],
    [{ type: 'bulk_delete', contactIds: ['c1'] }, 'delete_contact'],
  ] as [Action, string][])('$type is refused and names the action to use instead', (action, instead) => {
    expect(requestFor(action, at)).toMatchObject({
      refused: { code: 'unsupported_action', stage: 'classify', message: expect.stringContaining(instead) },
    })
  })

  test('an e-mail becomes what GHL documents', () => {
    const action = actionSchema.parse({
      type: 'send_email',
      contactId: 'c1',
      subject: 'Offer',
      html: '<p>Hi</p>',
      to: 'a@b.example',
    })
    expect(built(action)).toEqual({
      method: 'POST',
      host: HOST,
      path: '/conversations/messages',
      query: {},
      headers: { version: '2021-04-15', locationid: 'loc1' },
      body: { type: 'Email', contactId: 'c1', subject: 'Offer', html: '<p>Hi</p>', emailTo: 'a@b.example' },
    })
  })

  test('a scheduled e-mail never leaves before its time: seconds are rounded up', () => {
    const request = built({ type: 'schedule_email', contactId: 'c1', subject: 's', html: 'h', sendAt: NOW + 1 })
    expect(request.body).toMatchObject({ scheduledTimestamp: NOW / 1000 + 1 })
  })

  test('the body is frozen, so nobody changes it after it was judged', () => {
    const contact = { firstName: 'Ann' }
    const request = built({ type: 'update_contact', contactId: 'c1', contact })
    contact.firstName = 'Eve'
    expect(request.body).toEqual({ firstName: 'Ann' })
    expect(Object.isFrozen(request.body)).toBe(true)
  })

  test('v3-only operations ask for v3, and a given version wins', () => {
    const action: Action = { type: 'bulk_send_email', campaignId: 'k1', contactIds: ['c1'] }
    expect(built(action).headers.version).toBe('v3')
    expect(built({ type: 'ghl_request', method: 'GET', path: '/contacts/c1', version: 'v3' }).headers.version).toBe('v3')
  })
})

describe('refusals', () => {
  test.each(['a/b', '..', '.', 'a\\b', 'a%2Fb', 'a\nb', 'a\u200bb', 'a?b', 'a#b', '{{contact.id}}', '\ud800'])(
    'the id %j cannot be part of a path',
    (contactId) => {
      expect(requestFor({ type: 'read_contact', contactId }, at)).toMatchObject({ refused: { code: 'invalid_action' } })
      expect(requestFor({ type: 'trigger_workflow', contactId: 'c1', workflowId: contactId }, at)).toHaveProperty('refused')
    },
  )

  test('an action about a location needs one', () => {
    expect(requestFor({ type: 'read_pipeline' }, { host: HOST, now: NOW })).toMatchObject({ refused: { code: 'invalid_action' } })
  })

  test('a value JSON cannot carry is refused', () => {
    expect(requestFor({ type: 'update_contact', contactId: 'c1', contact: { size: Number.NaN } }, at)).toMatchObject({
      refused: { code: 'unreadable_body', message: expect.stringContaining('$.size') },
    })
  })

  test('a time in seconds is refused with a hint', () => {
    const action: Action = { type: 'schedule_email', contactId: 'c1', subject: 's', sendAt: NOW / 1000 }
    expect(requestFor(action, at)).toMatchObject({ refused: { message: expect.stringContaining('seconds') } })
  })

  test('parameters in the path are refused with a hint', () => {
    expect(requestFor({ type: 'ghl_request', method: 'GET', path: '/contacts/c1?a=1' }, at)).toMatchObject({
      refused: { code: 'invalid_action', message: expect.stringContaining('"query"') },
    })
  })
})
