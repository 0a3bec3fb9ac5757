import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, freezeJson, type Json, JsonFaultError } from '../../src/core/json.js'

test('an empty object and an empty list are written as such, wherever they stand', () => {
  expect(canonicalJson({ b: {}, a: [] })).toBe('{"a":[],"b":{}}')
})

test('canonical text is JSON that says the same, in one spelling', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value as Json)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(JSON.parse(text))).toBe(text)
    }),
  )
})

test('a copy is made of what a value holds, never of what its own methods answer', () => {
  const live = { html: 'judged' }
  const date = Object.assign(new Date(0), { toISOString: () => live, getTime: () => 1 })
  const list = Object.assign(['a', { b: 1 }, undefined], { map: () => [live] })
  const copy = freezeJson({ date, list }) as { date: Json; list: Json[] }
  expect(copy).toEqual({ date: '1970-01-01T00:00:00.000Z', list: ['a', { b: 1 }, null] })
  expect(Object.isFrozen(copy.list) && Object.isFrozen(copy.list[1])).toBe(true)
})

test('a list is named by its place, and what only looks like a date, or is an invalid one, is no JSON', () => {
  for (const value of [Object.create(Date.prototype), new Date(Number.NaN), new Proxy(new Date(), {})])
    expect(() => freezeJson({ items: ['a', value] })).toThrow(
      new JsonFaultError({ path: '$.items[1]', message: 'is a class instance, expected plain JSON' }),
    )
})
