import { describe, expect, test } from 'vitest'
import { classified, judge, message, NOW } from './requests.js'

const HOUR = 3_600_000

describe('channels', () => {
  test.each([
    ['Email', 'email', 'send_email', 'send_email', 'email_sending', 'email_send'],
    ['SMS', 'sms', 'send_sms', 'send_sms', 'ghl_api', 'sms_send'],
    ['RCS', 'rcs', 'ghl_request', 'send_message', 'ghl_api', 'message_send'],
    ['WhatsApp', 'whatsapp', 'ghl_request', 'send_message', 'ghl_api', 'message_send'],
    ['IG', 'instagram', 'ghl_request', 'send_message', 'ghl_api', 'message_send'],
    ['FB', 'facebook', 'ghl_request', 'send_message', 'ghl_api', 'message_send'],
    ['Custom', 'custom', 'ghl_request', 'send_message', 'ghl_api', 'message_send'],
    ['Live_Chat', 'live_chat', 'ghl_request', 'send_message', 'ghl_api', 'message_send'],
    ['TIKTOK', 'tiktok', 'ghl_request', 'send_message', 'ghl_api', 'message_send'],
  ])('%s is a message on %s', (type, channel, action, permission, breaker, limitKey) => {
    const found = classified(message({ type, contactId: 'c1', message: 'Hello' }))
    expect(found).toMatchObject({ action, permission, breaker, limitKey, risk: 'high', reach: 'direct', recipients: 1 })
    expect(found.message).toEqual({ channel, contactId: 'c1', recipients: [{ kind: 'contact' }], text: 'Hello' })
  })

  test.each([['email'], ['sms'], ['Fax'], [''], ['__proto__'], ['toString'], [7], [null]])('%j is no channel', (type) => {
    expect(judge(message({ type, contactId: 'c1' }))).toMatchObject({ refused: { code: 'unreadable_body' } })
  })
})

test('an e-mail is read whole: everybody it reaches, what it says, who sends it', () => {
  const found = classified(
    message({
      type: 'Email',
      contactId: 'c1',
      subject: 'Offer',
      html: '<p>Hi</p>',
      emailFrom: 'Ann Example <ann@firm.example>',
      emailTo: 'second@lead.example',
      emailCc: ['boss@lead.example'],
      emailBcc: ['crm@firm.example'],
      forward: { isForwarded: true, messageId: 'm0', toEmail: 'third@else.example' },
    }),
  )
  expect(found.message).toEqual({
    channel: 'email',
    contactId: 'c1',
    subject: 'Offer',
    html: '<p>Hi</p>',
    from: 'ann@firm.example',
    templateId: 'm0',
    recipients: [
      { kind: 'to', address: 'second@lead.example' },
      { kind: 'cc', address: 'boss@lead.example' },
      { kind: 'bcc', address: 'crm@firm.example' },
      { kind: 'forward', address: 'third@else.example' },
    ],
  })
  expect(found.recipients).toBe(4)
})

test('a text names its number', () => {
  const found = classified(
    message({ type: 'SMS', contactId: 'c1', message: 'Hi', toNumber: '+1 (555) 010-0000', fromNumber: '+15550100001' }),
  )
  expect(found.message).toMatchObject({ from: '+15550100001', recipients: [{ kind: 'to', address: '+1 (555) 010-0000' }] })
})

describe('time', () => {
  const at = (scheduledTimestamp: number | string) => message({ type: 'Email', contactId: 'c1', html: 'x', scheduledTimestamp })

  test('seconds become milliseconds, and an e-mail becomes a scheduled one', () => {
    const found = classified(at(NOW / 1000 + 3600))
    expect(found.action).toBe('schedule_email')
    expect(found.message?.sendAt).toBe(NOW + HOUR)
  })

  test('milliseconds are refused with a hint', () => {
    const found = judge(at(NOW + HOUR))
    expect(found).toMatchObject({ refused: { code: 'unreadable_body', message: expect.stringContaining('milliseconds') } })
  })

  test.each([[0], [-5], [1.5], ['1781265600']])('%j is no time', (value) => {
    expect(judge(at(value))).toHaveProperty('refused')
  })

  test('send-time optimisation says how late the message may leave', () => {
    const found = (more: object) => classified(message({ type: 'Email', contactId: 'c1', ...more })).message?.sendWithinMs
    expect(found({ optimizationPeriod: '24h' })).toBe(24 * HOUR)
    expect(found({ usesNativeSchedulingAi: true })).toBe(72 * HOUR)
    expect(found({ usesNativeSchedulingAi: false })).toBeUndefined()
  })
})

describe('what cannot be read is refused', () => {
  test.each([
    ['no contact', { type: 'SMS', message: 'x' }],
    ['an empty contact', { type: 'SMS', contactId: '' }],
    ['many contacts', { type: 'SMS', contactId: ['c1', 'c2'] }],
    ['a contact that is a path', { type: 'SMS', contactId: '../c1' }],
    ['a text that is no text', { type: 'SMS', contactId: 'c1', message: { a: 1 } }],
    ['copies that are one text', { type: 'Email', contactId: 'c1', emailCc: 'a@b.example' }],
    ['a copy that is two', { type: 'Email', contactId: 'c1', emailCc: ['a@b.example, c@d.example'] }],
    ['a recipient that is two', { type: 'Email', contactId: 'c1', emailTo: 'a@b.example;c@d.example' }],
    ['a hidden second address', { type: 'Email', contactId: 'c1', emailTo: 'x <a@b.example> <c@d.example>' }],
    ['an unknown member that may hold people', { type: 'Email', contactId: 'c1', bcc: ['a@b.example'] }],
    ['a known one in another case', { type: 'Email', contactId: 'c1', emailBCC: ['a@b.example'] }],
    ['a forward that is no object', { type: 'Email', contactId: 'c1', forward: 'a@b.example' }],
    ['an unknown period', { type: 'Email', contactId: 'c1', optimizationPeriod: '1y' }],
  ])('%s', (_, body) => {
    expect(judge(message(body))).toMatchObject({ refused: { code: 'unreadable_body', stage: 'classify' } })
  })

  test('a body that is not JSON', () => {
    expect(judge({ ...message({}), opaqueBody: 'digest' })).toMatchObject({ refused: { code: 'unreadable_body' } })
  })

  test('the refusal never repeats the text or the addresses', () => {
    const found = judge(message({ type: 'Email', contactId: 'c1', html: 'secret text', emailTo: 'a@b.example;c@d.example' }))
    expect(JSON.stringify(found)).not.toMatch(/secret text|@/)
  })
})
