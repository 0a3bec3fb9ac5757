import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classify } from '../../src/ghl/classify.js'
import { OPERATIONS } from '../../src/ghl/operations.js'
import { classified, HOST, judge, message, NOW, request } from './requests.js'

test('another host is refused, whatever the path', () => {
  expect(classify(request('GET', '/contacts/abc', { host: 'evil.example' }), [HOST], NOW)).toMatchObject({
    refused: { code: 'foreign_host', stage: 'classify', data: { host: 'evil.example' } },
  })
  expect(judge(request('GET', '/contacts/abc', { host: `${HOST}.evil.example` }))).toHaveProperty('refused')
})

test('what GHL does not document is refused', () => {
  expect(judge(request('POST', '/conversations/messages/bulk'))).toMatchObject({ refused: { code: 'unmapped_operation' } })
})

test('a header that asks the server for another method is refused', () => {
  const input = request('GET', '/contacts/abc', { headers: { 'x-http-method-override': 'DELETE' } })
  expect(judge(input)).toMatchObject({ refused: { code: 'unmapped_operation' } })
})

test('what answers with live tokens is refused, whatever its body', () => {
  for (const path of ['/oauth/token', '/oauth/locationToken', '/oauth/location-token'])
    for (const more of [{ body: { companyId: 'c' } }, { opaqueBody: 'x' }, { bodyFault: 'body is not JSON' }])
      expect(judge(request('POST', path, more)), path).toMatchObject({ refused: { code: 'hidden_member', stage: 'classify' } })
})

test('every operation is classified with a body, or refused as unreadable or for its tokens; nothing throws', () => {
  for (const { method, path } of OPERATIONS) {
    const result = judge(request(method, path.replace(/\{[^}]*\}/g, 'aB3'), { body: { locationId: 'aB3' } }))
    if ('refused' in result)
      expect(result.refused.code, `${method} ${path}`).toBe(path.startsWith('/oauth/') ? 'hidden_member' : 'unreadable_body')
  }
})

test('no body, however odd, makes classification throw', () => {
  const some = fc.constantFrom(...OPERATIONS.filter(({ kind }) => kind !== 'read'))
  fc.assert(
    fc.property(some, fc.jsonValue(), ({ method, path }, body) => {
      const result = judge(request(method, path.replace(/\{[^}]*\}/g, 'aB3'), { body: body as never }))
      expect('refused' in result || result.operation.path === path).toBe(true)
    }),
  )
})

describe('what a request is', () => {
  test.each([
    ['GET', '/contacts/c1', 'read_contact', 'low', 'read_contacts', 'read_contact'],
    ['POST', '/contacts/search', 'search_contacts', 'low', 'read_contacts', 'read_contacts'],
    ['POST', '/contacts/c1/tags', 'add_tag', 'medium', 'write_contacts', 'add_tag'],
    ['POST', '/contacts/c1/workflow/w1', 'trigger_workflow', 'high', 'trigger_workflow', 'workflow_trigger'],
    ['DELETE', '/contacts/c1', 'delete_contact', 'critical', 'delete_contacts', 'delete_contact'],
    ['GET', '/contacts/c1/notes', 'ghl_request', 'low', 'read_contacts', 'read_contacts'],
    ['POST', '/contacts/c1/campaigns/k1', 'ghl_request', 'high', 'trigger_workflow', 'workflow_trigger'],
    ['DELETE', '/locations/l1', 'ghl_request', 'critical', 'admin_access', 'ghl_admin'],
  ])('%s %s is %s', (method, path, action, risk, permission, limitKey) => {
    expect(classified(request(method, path))).toMatchObject({ action, risk, permission, limitKey, breaker: 'ghl_api' })
  })

  test('upserting counts on the limit of creating', () => {
    const upsert = classified(request('POST', '/contacts/upsert', { body: { email: 'a@b.example' } }))
    expect(upsert).toMatchObject({ action: 'ghl_request', limitKey: 'create_contact' })
  })

  test('cancelling a send and leaving a workflow are protective, starting one is not', () => {
    expect(classified(request('DELETE', '/conversations/messages/m1/schedule')).protective).toBe(true)
    expect(classified(request('DELETE', '/contacts/c1/workflow/w1')).protective).toBe(true)
    expect(classified(request('POST', '/contacts/c1/workflow/w1')).protective).toBe(false)
  })

  test('a read that answers with keys is no read', () => {
    expect(classified(request('GET', '/payments/custom-provider/connect'))).toMatchObject({
      reads: false,
      permission: 'admin_access',
    })
    expect(classified(request('GET', '/contacts/c1')).reads).toBe(true)
  })

  test('wiping all tags is not the named bulk update', () => {
    const bulk = (type: string, more = {}) =>
      classified(
        request('POST', `/contacts/bulk/tags/update/${type}`, { body: { contacts: ['c1', 'c2'], tags: ['t'], ...more } }),
      )
    expect(bulk('add')).toMatchObject({ action: 'bulk_update_contacts', recipients: 2, contactIds: ['c1', 'c2'] })
    expect(bulk('add', { removeAllTags: true })).toMatchObject({ action: 'ghl_request', risk: 'critical' })
    expect(bulk('removeAllTags')).toMatchObject({ action: 'ghl_request', risk: 'critical' })
  })
})

describe('whom it touches', () => {
  test.each([
    ['the path', request('GET', '/contacts/c1/notes'), ['c1']],
    ['the query', request('GET', '/conversations/search', { query: { contactId: 'c1', locationId: 'l1' } }), ['c1']],
    ['the body', request('POST', '/opportunities', { body: { contactId: 'c1' } }), ['c1']],
    ['inside an object', request('POST', '/invoices', { body: { contactDetails: { id: 'c1' } } }), ['c1']],
    ['a list', request('POST', '/contacts/bulk/business', { body: { ids: ['c1', 'c2'] } }), ['c1', 'c2']],
    ['two places', request('PUT', '/contacts/c1', { body: { contactId: 'c2' } }), ['c1', 'c2']],
    ['a message and its forward', message({ type: 'SMS', contactId: 'c1', forward: { recipientContactId: 'c2' } }), ['c1', 'c2']],
  ])('contacts are found in %s', (_, input, ids) => {
    expect(classified(input).contactIds).toEqual(ids)
  })

  test('an id that could be read as a path is refused', () => {
    const input = request('POST', '/opportunities', { body: { contactId: '../users' } })
    expect(judge(input)).toMatchObject({ refused: { code: 'unreadable_body' } })
  })

  test.each([
    ['header', request('GET', '/contacts/c1', { headers: { locationid: 'l1' } })],
    ['query', request('GET', '/calendars', { query: { locationId: 'l1' } })],
    ['body', request('POST', '/opportunities', { body: { locationId: 'l1' } })],
    ['path', request('GET', '/locations/l1/tags')],
    ['altId', request('GET', '/invoices', { query: { altId: 'l1', altType: 'location' } })],
  ])('the location is found in the %s', (_, input) => {
    expect(classified(input).locationId).toBe('l1')
  })

  test("an agency's altId is not a location", () => {
    expect(classified(request('GET', '/invoices', { query: { altId: 'a1', altType: 'company' } })).locationId).toBeUndefined()
  })

  test('a request about two locations is refused', () => {
    const input = request('POST', '/opportunities', { headers: { locationid: 'l1' }, body: { locationId: 'l2' } })
    expect(judge(input)).toMatchObject({ refused: { code: 'permission.location', stage: 'classify' } })
  })
})

describe('how many it reaches', () => {
  const campaign = (recipients: object, more: object = {}) =>
    classified(request('POST', '/emails/locations/l1/campaigns/emails/k1/schedule', { body: { recipients, ...more } as never }))

  test('a read reaches nobody, a workflow at least one', () => {
    expect(classified(request('GET', '/contacts/c1')).recipients).toBe(0)
    expect(classified(request('POST', '/contacts/c1/workflow/w1')).recipients).toBe(1)
  })

  test('a campaign to named contacts is counted; to tags, segments and feeds it is not', () => {
    expect(campaign({ type: 'contact', contactIds: ['c1', 'c2', 'c3'] })).toMatchObject({
      action: 'bulk_send_email',
      recipients: 3,
    })
    expect(campaign({ type: 'tag', tagIds: ['t'] }).recipients).toBe(Number.POSITIVE_INFINITY)
    expect(campaign({ type: 'contact', contactIds: ['c1'], tagIds: ['t'] }).recipients).toBe(Number.POSITIVE_INFINITY)
    expect(campaign({ contactIds: ['c1'] }, { scheduleType: 'rss' }).recipients).toBe(Number.POSITIVE_INFINITY)
    expect(campaign({ contactIds: ['c1'] }, { scheduleConfig: { resend: { enabled: true } } }).recipients).toBe(2)
  })

  test('a bulk call whose list cannot be read may reach everybody', () => {
    expect(classified(request('POST', '/bulk-actions/create', { body: {} })).recipients).toBe(Number.POSITIVE_INFINITY)
  })

  test('a body that cannot be read is refused, but for the calls that take a file', () => {
    expect(judge(request('POST', '/contacts/bulk/business', { opaqueBody: 'digest' }))).toMatchObject({
      refused: { code: 'unreadable_body' },
    })
    expect(classified(request('POST', '/medias/upload-file', { opaqueBody: 'digest' })).operation.id).toBe(
      'POST /medias/upload-file',
    )
  })
})

describe('consent', () => {
  const put = (body: object) => classified(request('PUT', '/contacts/c1', { body: body as never }))

  test.each([
    [{ dnd: false }],
    [{ dnd: null }],
    [{ dnd: 'true' }],
    [{ dndSettings: {} }],
    [{ dndSettings: { SMS: { status: 'inactive' } } }],
    [{ dndSettings: { SMS: { status: 'active' }, Email: { status: 'inactive' } } }],
    [{ dndSettings: { SMS: { status: 'ACTIVE' } } }],
    [{ inboundDndSettings: { all: { status: 'active' } } }],
    [{ firstName: 'A', dnd: false }],
  ])('%j loosens it: a critical action that needs manage_consent', (body) => {
    expect(put(body)).toMatchObject({
      action: 'update_contact',
      permission: 'manage_consent',
      risk: 'critical',
      protective: false,
    })
  })

  test.each([[{ dnd: true }], [{ dndSettings: { SMS: { status: 'active' }, Email: { status: 'permanent' } } }]])(
    '%j alone only tightens it: always allowed',
    (body) => {
      expect(put(body)).toMatchObject({ protective: true, risk: 'low', permission: 'write_contacts' })
    },
  )

  test('tightening together with another change is an ordinary update', () => {
    expect(put({ dnd: true, tags: [] })).toMatchObject({ protective: false, risk: 'medium', permission: 'write_contacts' })
  })

  test('creating and upserting can loosen it too, and are never protective', () => {
    expect(classified(request('POST', '/contacts/upsert', { body: { dnd: false } })).permission).toBe('manage_consent')
    expect(classified(request('POST', '/contacts', { body: { dnd: false } })).permission).toBe('manage_consent')
    expect(classified(request('POST', '/contacts', { body: { dnd: true } })).protective).toBe(false)
  })

  test('a contact write whose body cannot be read is refused', () => {
    expect(judge(request('PUT', '/contacts/c1', { opaqueBody: 'digest' }))).toMatchObject({
      refused: { code: 'unreadable_body' },
    })
  })

  test('unsubscribing is protective, subscribing is critical', () => {
    const change = (subscription_action: object) =>
      classified(
        request('POST', '/conversations/preferences/unsubscriptions/user-change', {
          body: { contactId: 'c1', subscription_action } as never,
        }),
      )
    expect(change({ type: 'custom', subtype_status: 'unsubscribed' })).toMatchObject({ protective: true, risk: 'low' })
    expect(change({ type: 'custom', subtype_status: 'subscribed' })).toMatchObject({
      permission: 'manage_consent',
      risk: 'critical',
    })
    expect(change({ type: 'resub_all', subtype_status: 'unsubscribed' })).toMatchObject({
      permission: 'manage_consent',
      risk: 'critical',
    })
  })
})
