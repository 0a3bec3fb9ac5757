import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pseudonym, redact } from '../../src/audit/index.js'

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl'

describe('masked', () => {
  test.each([
    ['no contact jane.doe+x@acme-corp.co.uk.', 'no contact [email].'],
    ['to=jane@acme.com&cc=bob%40acme.com', 'to=[email]&cc=[email]'],
    ['<jane@acme.com>,bob@acme.com;"x@müller.de"', '<[email]>,[email];"[email]"'],
    ['https://x.example/contacts/jane@acme.com/notes', 'https://x.example/contacts/[email]/notes'],
    ['JANE@ACME.COM!', '[email]!'],
    ['call +1 (212) 555-0123 now', 'call [phone] now'],
    ['phone:+442079460958', 'phone:[phone]'],
    ['(212) 555-0123, 212-555-0123, 212.555.0123, 1-212-555-0123', '[phone], [phone], [phone], [phone]'],
    ['2125550123 2125550124', '[phone] [phone]'],
    ['Tel. 020 7946 0958', 'Tel. [phone]'],
    ['connect ECONNREFUSED postgres://app:hunter2@db:5432/crm', 'connect ECONNREFUSED postgres://[secret]@db:5432/crm'],
    [
      'redis://:hunter2@localhost:6379, mongodb+srv://u:h@c0.abc.mongodb.net/x',
      'redis://[secret]@localhost:6379, mongodb+srv://[secret]@c0.abc.mongodb.net/x',
    ],
    ['postgres://app:p@ss@db.example.com/crm', 'postgres://[secret]@db.example.com/crm'],
    ['postgres://app:pa/ss?w#d@db/crm', 'postgres://[secret]@db/crm'],
    ['(url="https://token@proxy.example:8080")', '(url="https://[secret]@proxy.example:8080")'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [secret]'],
    ['invalid bearer a1b2c3d4e5', 'invalid bearer [secret]'],
    ['{"access_token":"short","n":1}', '{"access_token":[secret],"n":1}'],
    ["password='p w' failed", 'password=[secret] failed'],
    ['apiKey: hunter2', 'apiKey: [secret]'],
    [`got ${jwt} here`, 'got [secret] here'],
    ['key pit-12345678-90ab-cdef-1234-567890abcdef', 'key [secret]'],
    ['sk_live_51H8xyzABCDEF', '[secret]'],
    [`hash ${'ab12'.repeat(16)}`, 'hash [secret]'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected)
    expect(redact(expected)).toBe(expected)
  })
})

describe('left alone', () => {
  test.each([
    'author: Jane, tokens_used: 512, max_tokens: 100, token_count=7, authority=x, secretary: Bob',
    'Bearer authentication failed; basic auth expired',
    'Unexpected token } in JSON at position 17',
    '2026-01-17T05:00:00.000Z 2026-01-17 05:00:00 01-02-2026 05:00',
    'at 1768669200000 or 1768669200 ms, 4611686018427 bytes, 10.20.30.40, 192.168.100.200:8080',
    'contact ocQHyuzHvysMo5N5VsXc, action act_0k3v9x2m1a7f3q8r5t, 123e4567-e89b-12d3-a456-426614174000',
    'email.daily_limit q/loc1/email/day/2026-01-17@America/New_York zod@4.6.7 @scope/pkg',
    'https://x.example:8080/@scope/pkg, redis://localhost:6379/@0, http://[::1]:8080/x',
    'POST https://services.leadconnectorhq.com/conversations/messages failed with 422',
    'node_modules/some-long-package-name/dist/index.js:1024:13 a_very_long_snake_case_identifier_name_v2',
  ])('%s', (text) => {
    expect(redact(text)).toBe(text)
  })
})

test('masking twice changes nothing more', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => redact(redact(text)) === redact(text)))
})
test('hostile text is masked without going over it again and again', () => {
  for (const piece of [
    '-',
    'a-',
    '@',
    'a@',
    '%40',
    '+1',
    '1 ',
    '0',
    'eyJ',
    'token',
    'token="',
    'bearer ',
    '!',
    '.',
    '_',
    '://',
    '://a',
    '://a:b',
    '://a:b/',
  ]) {
    expect(typeof redact(piece.repeat(100_000))).toBe('string')
  }
})

describe('a pseudonym', () => {
  const key = randomBytes(32)
  test('is the same for the same text, and another for another text or key', () => {
    expect(pseudonym(key, 'contact_1')).toBe(pseudonym(key, 'contact_1'))
    expect(new Set([pseudonym(key, 'a'), pseudonym(key, 'b'), pseudonym(randomBytes(32), 'a')]).size).toBe(3)
  })
  test('says nothing of what it stands for', () => {
    expect(pseudonym(key, 'jane@acme.com')).toMatch(/^[\w-]{16}$/)
  })
  test('needs a key that cannot be guessed', () => {
    expect(() => pseudonym('', 'a')).toThrow('16 bytes')
  })
})
