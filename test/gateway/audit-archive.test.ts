import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { GENESIS, type SealedSegment, verify } from '../../src/audit/index.js'
import type { Gateway } from '../../src/gateway/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/storage.js'
import { gatewayOn } from './second-gateway.js'
import { world } from './world.js'

const DAY = 86_400_000

/** A gateway with ten records of yesterday and ten of today. */
async function twoDays() {
  const storage = memoryStorage()
  const made = await world({ storage })
  await act(made.gateway)
  await made.gateway.audit.seal()
  const midnight = made.clock.now() + DAY / 2
  made.clock.advance(DAY)
  await act(made.gateway)
  const kept: SealedSegment[] = []
  const archive = (gateway = made.gateway) =>
    gateway.audit.archive({
      before: midnight,
      write: (segment) => {
        kept.push(segment)
      },
    })
  return { ...made, storage, kept, archive, midnight }
}

async function act(gateway: Gateway): Promise<void> {
  for (let count = 0; count < 10; count++) {
    await gateway.system.report('api_ghl', count % 2 === 0 ? 'healthy' : 'degraded')
  }
}

async function timesOf(gateway: Gateway): Promise<number[]> {
  const times: number[] = []
  for await (const { at } of gateway.audit.records()) times.push(at)
  return times
}

test('old records leave for a place of yours; what is left verifies, and so does what was kept', async () => {
  const { gateway, kept, archive, midnight } = await twoDays()
  const { records, head } = await archive()
  expect(records).toBe(10)
  expect(verify(kept, { from: GENESIS, checkpoint: head })).toMatchObject({ ok: true, records: 10 })
  const left = await timesOf(gateway)
  expect(left).toHaveLength(11)
  expect(left.every((at) => at >= midnight)).toBe(true)
  expect(await gateway.audit.verify()).toMatchObject({ ok: true, records: 11 })
  expect(await archive()).toMatchObject({ records: 0, head })
})

test('that it was archived, and by whom, is in the audit', async () => {
  const { gateway, midnight } = await twoDays()
  await gateway.audit.archive({ before: midnight, write: () => undefined, by: 'maria' })
  const notes = []
  for await (const { action, data, agent, note, ...more } of gateway.audit.records()) {
    if (action === 'audit.archive') notes.push({ data, ...more })
  }
  expect(notes).toMatchObject([{ data: { from: 1, to: 10 } }])
  expect(JSON.stringify(notes)).toContain('maria')
})

test('what could not be kept stays', async () => {
  const { gateway, midnight } = await twoDays()
  const full = gateway.audit.archive({ before: midnight, write: () => Promise.reject(new Error('disk full')) })
  await expect(full).rejects.toThrow('disk full')
  expect(await timesOf(gateway)).toHaveLength(20)
  expect(await gateway.audit.verify()).toMatchObject({ ok: true })
})

test('a chain that was changed is not archived away', async () => {
  const { gateway, storage, archive, kept } = await twoDays()
  await gateway.audit.seal()
  const [entry] = await storage.scan('audit/', { limit: 1 })
  const segment = entry?.value as unknown as SealedSegment
  const [first = '', ...more] = segment.records
  const value = { ...segment, records: [first.replace('healthy', 'degraded'), ...more] }
  await storage.commit([[{ op: 'put', key: entry?.key ?? '', value: value as never }]])
  await expect(archive()).rejects.toMatchObject({ code: 'corrupt' })
  expect(kept).toEqual([])
})

test('what is archived while somebody verifies is no gap', async () => {
  const { archive, storage, ...made } = await twoDays()
  let meanwhile: (() => Promise<unknown>) | undefined
  const slow: Storage = {
    ...storage,
    async scan(prefix, range) {
      const wanted = prefix === 'audit/' ? meanwhile : undefined
      if (wanted !== undefined) meanwhile = undefined
      await wanted?.()
      return storage.scan(prefix, range)
    },
  }
  const { gateway: other } = gatewayOn(made, slow)
  await other.audit.seal()
  meanwhile = archive
  // Ten of today, and that the others were archived.
  expect(await other.audit.verify()).toMatchObject({ ok: true, records: 11 })
})

test('several processes archive at once: each record is counted once', async () => {
  const { archive, storage, ...made } = await twoDays()
  const { gateway: other } = gatewayOn(made, storage)
  const [one, two] = await Promise.all([archive(), archive(other)])
  expect(one.records + two.records).toBe(10)
  expect(await other.audit.verify()).toMatchObject({ ok: true })
  await other.close()
})

/** What somebody does who can write the storage: cuts off the oldest segment, and says that the chain begins after it. */
async function cutOffBeginning({ storage }: { readonly storage: Storage }): Promise<void> {
  const [entry] = await storage.scan('audit/', { limit: 1 })
  if (entry === undefined) throw new Error('There is no segment to cut off.')
  const { to, hash } = entry.value as unknown as SealedSegment
  await storage.commit([
    [
      { op: 'del', key: entry.key },
      { op: 'put', key: 'audit-base', value: { seq: to, hash } },
    ],
  ])
}

describe('a beginning that was cut off, and not archived,', () => {
  test.each(['never archived before', 'archived once before'])('is seen, with and without a checkpoint: %s', async (before) => {
    const made = await twoDays()
    await made.gateway.audit.seal()
    if (before === 'archived once before') await made.archive()
    await act(made.gateway)
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const checkpoint = await made.gateway.audit.checkpoint(privateKey)
    expect(await made.gateway.audit.verify({ checkpoint, publicKey })).toMatchObject({ ok: true })
    await cutOffBeginning(made)
    const missing = { ok: false, problem: 'missing', message: expect.stringContaining('no record of the chain says') }
    expect(await made.gateway.audit.verify()).toMatchObject(missing)
    expect(await made.gateway.audit.verify({ checkpoint, publicKey })).toMatchObject(missing)
  })

  test('is not archived over: nothing announces it afterwards either', async () => {
    const made = await twoDays()
    await made.gateway.audit.seal()
    await act(made.gateway)
    await made.gateway.audit.seal()
    await cutOffBeginning(made)
    const archive = made.gateway.audit.archive({ before: made.clock.now() + DAY, write: () => undefined })
    await expect(archive).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('no record of the chain says'),
    })
    expect(await made.gateway.audit.verify()).toMatchObject({ ok: false, problem: 'missing' })
  })
})

describe.each(['audit-head', 'audit-base'])('an unreadable %s', (key) => {
  test.each([null, {}, 'x', { seq: 'a', hash: 1 }, { seq: 3, hash: 'x' }])(
    'is no head: %j. Nothing is chained to it, and all is well once it is restored',
    async (value) => {
      const { gateway, storage, archive } = await twoDays()
      await archive()
      await gateway.audit.seal()
      const [sound] = await storage.read([key])
      await storage.commit([[{ op: 'put', key, value }]])
      const unreadable = { code: 'corrupt', message: expect.stringContaining(key) }
      await expect(gateway.audit.verify()).rejects.toMatchObject(unreadable)
      await act(gateway)
      await expect(gateway.audit.seal()).rejects.toMatchObject(unreadable)
      await storage.commit([[{ op: 'put', key, value: sound?.value ?? null }]])
      expect(await gateway.audit.verify()).toMatchObject({ ok: true, records: 21 })
    },
  )
})

test('a head that is gone, while segments were archived, begins no second chain', async () => {
  const { gateway, storage, archive } = await twoDays()
  await archive()
  await gateway.audit.seal()
  await storage.commit([[{ op: 'del', key: 'audit-head' }]])
  await act(gateway)
  await expect(gateway.audit.seal()).rejects.toMatchObject({ code: 'corrupt' })
})

test.each([null, {}, { records: [1] }, { records: ['not json'] }, { records: ['null'] }])(
  'a damaged segment is named: %j',
  async (value) => {
    const { gateway, storage, archive } = await twoDays()
    await gateway.audit.seal()
    const [entry] = await storage.scan('audit/', { limit: 1 })
    await storage.commit([[{ op: 'put', key: entry?.key ?? '', value: value as never }]])
    await expect(timesOf(gateway)).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining(entry?.key ?? '') })
    await expect(archive()).rejects.toMatchObject({ code: 'corrupt' })
    expect(await gateway.audit.verify()).toMatchObject({ ok: false })
  },
)

test('what was no record when it was chained is named too', async () => {
  const { gateway, storage, clock } = await twoDays()
  await storage.commit([[{ op: 'put', key: 'outbox/000', value: null }]])
  const named = { code: 'corrupt', message: expect.stringMatching(/audit\/\S+ of the audit is damaged/) }
  await expect(timesOf(gateway)).rejects.toMatchObject(named)
  await expect(gateway.audit.archive({ before: clock.now() + DAY, write: () => undefined })).rejects.toMatchObject(named)
})
