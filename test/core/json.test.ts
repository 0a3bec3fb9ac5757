import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, type Json } from '../../src/core/json.js'

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
