import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { append, checkpoint, GENESIS, verify, verifyCheckpoint } from '../../src/audit/index.js'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const at = Date.parse('2026-03-02T15:00:00Z')
const texts = ['{"n":1}', '{"n":2}', '{"n":3}', '{"n":4}']
const first = append(GENESIS, texts.slice(0, 2))
const second = append(first.head, texts.slice(2))
const segments = [first.segment, second.segment]

describe('a checkpoint', () => {
  test('signed by the key verifies, and nothing about it can be changed', () => {
    const signed = checkpoint(second.head, privateKey, at)
    expect(verifyCheckpoint(signed, publicKey)).toBe(true)
    for (const changed of [{ seq: 3 }, { hash: first.head.hash }, { at: at + 1 }, { signature: 'AAAA' }]) {
      expect(verifyCheckpoint({ ...signed, ...changed }, publicKey)).toBe(false)
    }
    expect(verifyCheckpoint(JSON.parse(JSON.stringify(signed)), publicKey)).toBe(true)
  })
  test('can be signed elsewhere, by a function', () => {
    expect(
      verifyCheckpoint(
        checkpoint(second.head, (bytes) => sign(null, bytes, privateKey), at),
        publicKey,
      ),
    ).toBe(true)
  })
  test('unsigned, or not one at all, is not verified', () => {
    expect(verifyCheckpoint(checkpoint(second.head, undefined, at), publicKey)).toBe(false)
    expect(verifyCheckpoint({}, publicKey)).toBe(false)
  })
  test('a key of another kind is an error at once', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    expect(() => checkpoint(second.head, rsa.privateKey, at)).toThrow('Ed25519')
    expect(() => checkpoint(second.head, publicKey, at)).toThrow('private')
  })
})

describe('verifying against a checkpoint', () => {
  const known = checkpoint(second.head, privateKey, at)

  test('a chain that reaches it, or goes on after it, is whole', () => {
    expect(verify(segments, { checkpoint: known, publicKey })).toMatchObject({ ok: true, records: 4 })
    expect(verify(segments, { checkpoint: checkpoint(first.head, privateKey, at), publicKey })).toMatchObject({
      ok: true,
      records: 4,
    })
  })
  test('a cut-off end is seen against a checkpoint or a stored head, and only so', () => {
    expect(verify(segments.slice(0, 1))).toMatchObject({ ok: true, records: 2 })
    expect(verify(segments.slice(0, 1), { checkpoint: known })).toMatchObject({ ok: false, at: 3, problem: 'truncated' })
    expect(verify(segments.slice(0, 1), { head: second.head })).toMatchObject({ ok: false, at: 3, problem: 'truncated' })
    expect(verify([], { head: second.head })).toMatchObject({ ok: false, at: 1, problem: 'truncated' })
  })
  test('a chain written anew from the start is seen', () => {
    const anew = append(GENESIS, ['{"n":0}', ...texts.slice(1)])
    expect(verify([anew.segment])).toMatchObject({ ok: true })
    expect(verify([anew.segment], { checkpoint: known })).toMatchObject({ ok: false, at: 4, problem: 'forged' })
  })
  test('a checkpoint signed by somebody else is refused', () => {
    const other = generateKeyPairSync('ed25519')
    expect(verify(segments, { checkpoint: checkpoint(second.head, other.privateKey, at), publicKey })).toMatchObject({
      problem: 'forged',
    })
    expect(verify(segments, { checkpoint: second.head, publicKey })).toMatchObject({ problem: 'forged' })
  })
  test('a checkpoint from before the first kept segment proves nothing, and that is said', () => {
    const result = verify(segments.slice(1), { from: first.head, checkpoint: { seq: 1, hash: '1'.repeat(64) } })
    expect(result).toMatchObject({ ok: false, at: 1, problem: 'missing' })
  })
})
