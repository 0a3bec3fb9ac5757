import { describe, expect, test } from 'vitest'
import { readAnswer, readFault } from '../../src/ghl/answer.js'
import { NotSentError } from '../../src/http/http.js'
import { classified, message, request } from './requests.js'

const send = classified(message({ type: 'SMS', contactId: 'c1', message: 'Hi' }))
const read = classified(request('GET', '/contacts/c1'))
const cancel = classified(request('DELETE', '/conversations/messages/m1/schedule'))

const answer = (status: number, body: unknown = null, headers: Record<string, string> = {}) => ({ status, body, headers })

describe('answers', () => {
  test.each([
    [200, 'executed', 'executed', 'success'],
    [201, 'executed', 'executed', 'success'],
    [302, 'unknown', 'failed', 'neutral'],
    [400, 'failed', 'failed', 'success'],
    [401, 'failed', 'failed', 'neutral'],
    [403, 'failed', 'failed', 'neutral'],
    [404, 'failed', 'failed', 'success'],
    [408, 'unknown', 'failed', 'failure'],
    [409, 'unknown', 'failed', 'neutral'],
    [422, 'failed', 'failed', 'success'],
    [425, 'unknown', 'failed', 'neutral'],
    [429, 'failed', 'failed', 'failure'],
    [500, 'unknown', 'failed', 'failure'],
    [502, 'unknown', 'failed', 'failure'],
    [504, 'unknown', 'failed', 'failure'],
    [0, 'unknown', 'failed', 'neutral'],
  ])('%i: a send is %s, a read is %s, GHL is %s', (status, sent, got, breaker) => {
    expect(readAnswer(send, answer(status))).toMatchObject({ kind: sent, breaker })
    expect(readAnswer(read, answer(status))).toMatchObject({ kind: got, breaker })
  })

  test.each([
    [401, { message: 'Invalid JWT' }, 'GHL answered 401: Invalid JWT. Check the access token: '],
    [403, {}, 'GHL answered 403. Check the access token: '],
    [404, { message: 'Contact not found' }, 'GHL answered 404: Contact not found'],
  ])('%i says what to do where the status tells', (status, body, begins) => {
    const { error } = readAnswer(read, answer(status, body)) as { error: { message: string } }
    expect(error.message.slice(0, begins.length)).toBe(begins)
    expect(error.message.includes('token')).toBe(status !== 404)
  })

  test('a cancellation that found nothing says so inside a 200', () => {
    expect(readAnswer(cancel, answer(200, { status: 404, message: 'Not found' }))).toMatchObject({
      kind: 'failed',
      error: { status: 404 },
      breaker: 'success',
    })
    expect(readAnswer(cancel, answer(200, { status: 200, message: 'ok' }))).toMatchObject({ kind: 'executed' })
    expect(readAnswer(send, answer(200, { status: 404 }))).toMatchObject({ kind: 'executed' })
  })

  test.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': 'Fri, 12 Jun 2026 12:00:30 GMT', date: 'Fri, 12 Jun 2026 12:00:00 GMT' }, 30_000],
    [{ 'x-ratelimit-interval-milliseconds': '10000', 'x-ratelimit-daily-remaining': '5' }, 10_000],
    [{ 'x-ratelimit-daily-remaining': '0', 'x-ratelimit-daily-reset': '3600000' }, 3_600_000],
    [{}, 10_000],
  ])('after a 429 with %j the wait is %i ms', (headers, retryAfterMs) => {
    expect(readAnswer(send, answer(429, null, headers as Record<string, string>))).toMatchObject({ kind: 'failed', retryAfterMs })
  })

  test.each([
    ['Cannot send message as DND is active for SMS.', 'ghl.dnd'],
    ['Cannot send email as ann@lead.example has unsubscribed', 'ghl.unsubscribed'],
    ['Missing phone number', 'ghl.no_phone'],
    ["Unable to send e-mail, contact's e-mail is invalid", 'ghl.no_email'],
    ['Bad Request', 'http.400'],
  ])('%s has the code %s', (text, code) => {
    expect(readAnswer(send, answer(400, { status: 400, message: text }))).toMatchObject({ error: { code, status: 400 } })
  })

  test('error texts lose addresses, numbers and tokens', () => {
    const said = 'x ann@lead.example, +1 (555) 010-0000, Bearer abc.def, pit-1234 and eyJhbGciOi.abc.def'
    const result = readAnswer(send, answer(400, { message: ['first', said] }))
    expect(JSON.stringify(result)).toContain('first')
    expect(JSON.stringify(result)).not.toMatch(/@|555|abc|1234|eyJ/)
  })
})

describe('faults', () => {
  test.each([
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    [
      'an unknown host, deep in the cause',
      new TypeError('fetch failed', { cause: Object.assign(new Error('dns'), { code: 'ENOTFOUND' }) }),
    ],
    ['our own word for it', new NotSentError('no token')],
  ])('%s: nothing was sent', (_, error) => {
    expect(readFault(send, error)).toMatchObject({ kind: 'failed', breaker: 'failure' })
  })

  test.each([
    ['a timeout', new DOMException('late', 'TimeoutError')],
    ['an abort', new DOMException('gone', 'AbortError')],
    ['a reset', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['anything else', 'boom'],
    ['nothing', undefined],
  ])('%s: a send may have happened, a read did not', (_, error) => {
    expect(readFault(send, error)).toMatchObject({ kind: 'unknown', breaker: 'failure' })
    expect(readFault(read, error)).toMatchObject({ kind: 'failed', breaker: 'failure' })
  })

  test('an error that carries an answer is read as the answer', () => {
    const axios = Object.assign(new Error('Request failed'), { response: { status: 422, headers: {}, data: { message: 'bad' } } })
    const official = Object.assign(new Error('x'), { statusCode: 429, response: {}, rateLimit: { intervalMs: 5_000 } })
    expect(readFault(send, axios)).toMatchObject({ kind: 'failed', error: { status: 422 }, breaker: 'success' })
    expect(readFault(send, official)).toMatchObject({ kind: 'failed', retryAfterMs: 5_000, breaker: 'failure' })
    expect(readFault(send, Object.assign(new Error('x'), { statusCode: 502 }))).toMatchObject({ kind: 'unknown' })
  })
})
