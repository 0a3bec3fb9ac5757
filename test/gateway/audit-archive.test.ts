import { expect, test } from 'vitest'
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
  expect(await other.audit.verify()).toMatchObject({ ok: true, records: 10 })
})

test('several processes archive at once: each record is counted once', async () => {
  const { archive, storage, ...made } = await twoDays()
  const { gateway: other } = gatewayOn(made, storage)
  const [one, two] = await Promise.all([archive(), archive(other)])
  expect(one.records + two.records).toBe(10)
  expect(await other.audit.verify()).toMatchObject({ ok: true })
  await other.close()
})
