import { describe, expect, it } from 'vitest'
import { unitAt } from '../../src/core/unit-at.js'

describe('unitAt', () => {
  const long = 'the quick brown fox jumps over the lazy dog'
  const texts = ['', 'a', 'ä', '😀', long, long.slice(4, 30), `${long}${long}`, `€${long}`.slice(1), long.split('').join('')]

  it.each(texts)('reads %j as charCodeAt does', (text) => {
    expect(Array.from({ length: text.length }, (_, at) => unitAt(text, at))).toEqual(
      Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)),
    )
  })

  it.each(texts)('is -1 beyond the ends of %j', (text) => {
    expect([unitAt(text, -1), unitAt(text, text.length), unitAt(text, text.length + 5)]).toEqual([-1, -1, -1])
  })
})
