import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { REASON_CODES, type ReasonCode } from '../../src/core/reason.js'

const readme = readFileSync('README.md', 'utf8')

test('the README names every reason a gateway gives, and no other', () => {
  // Known to the vocabulary, given by no stage: a breaker used alone can be shut down.
  const elsewhere: readonly ReasonCode[] = ['breaker.shutdown']
  const groups = new Set(REASON_CODES.flatMap((code) => (code.includes('.') ? [code.slice(0, code.indexOf('.'))] : [])))
  const named = [...readme.matchAll(/`([a-z]+\.[a-z_]+|[a-z]+_[a-z_]+)`/g)].map(([, code = '']) => code)
  const codes = named.filter((code) =>
    code.includes('.')
      ? groups.has(code.slice(0, code.indexOf('.')))
      : /_(action|body|operation|host|context|member)$/.test(code),
  )
  expect([...new Set([...codes, ...elsewhere])].sort()).toEqual([...REASON_CODES].sort())
})

test('every file the README points at is there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path)
  expect(links.filter((path) => !existsSync(path))).toEqual([])
})
