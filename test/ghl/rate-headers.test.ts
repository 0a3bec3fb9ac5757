import { expect, test } from 'vitest'
import { readRateHeaders } from '../../src/ghl/rate-headers.js'

test('all of GHL’s limit headers are read', () => {
  const headers = {
    'x-ratelimit-max': '100',
    'x-ratelimit-remaining': '99',
    'x-ratelimit-interval-milliseconds': '10000',
    'x-ratelimit-limit-daily': '200000',
    'x-ratelimit-daily-remaining': '199999',
    'x-ratelimit-daily-reset': '86400000',
  }
  expect(readRateHeaders(headers)).toEqual({
    max: 100,
    remaining: 99,
    intervalMs: 10_000,
    dailyLimit: 200_000,
    dailyRemaining: 199_999,
    dailyResetMs: 86_400_000,
  })
})

test.each(['', 'many', '-1', 'Infinity', '1e9', '0x10'])('%j is no number and is left out', (value) => {
  expect(readRateHeaders({ 'x-ratelimit-remaining': value, 'retry-after': value })).toEqual({})
})

test('a wait longer than a day is a day, one in the past is none', () => {
  expect(readRateHeaders({ 'retry-after': '999999999' })).toEqual({ retryAfterMs: 86_400_000 })
  const past = { 'retry-after': 'Fri, 12 Jun 2026 11:59:00 GMT', date: 'Fri, 12 Jun 2026 12:00:00 GMT' }
  expect(readRateHeaders(past)).toEqual({})
})
