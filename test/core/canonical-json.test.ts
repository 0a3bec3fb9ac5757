import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, type Json } from '../../src/core/json.js'

test('the canonical text reads back as the same value, empty objects and lists in unordered ones too', () => {
  expect(canonicalJson({ b: {}, a: [[], {}] })).toBe('{"a":[[],{}],"b":{}}')
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.parse(JSON.stringify(value)) as Json
      expect(JSON.parse(canonicalJson(plain))).toEqual(plain)
    }),
  )
})
