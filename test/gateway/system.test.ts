import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileStorage } from '../../src/storage/file/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/storage.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, evidence, mail, world } from './world.js'

describe('an emergency stop', () => {
  test('is seen by the very next action, and says who stopped it and why', async () => {
    const { gateway, outreach, ann, fake } = await world()
    await gateway.system.emergencyStop({ reason: 'list leaked', by: 'maria' })
    const outcome = await outreach.execute(mail(ann.id))
    expect(outcome).toMatchObject({ status: 'blocked', stage: 'system' })
    expect(codesOf(outcome)).toEqual(['system.emergency_stop'])
    expect(JSON.stringify(outcome)).toMatch(/maria.*list leaked/)
    expect(fake.calls).toHaveLength(0)
  })

  test('is seen by the very next action of a second gateway on the same storage, also when it had sent before', async () => {
    const storage = memoryStorage()
    const first = await world({ storage })
    const { outreach } = gatewayOn(first, storage)
    expect(await outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    await first.gateway.system.emergencyStop({ reason: 'leak' })
    expect(codesOf(await outreach.execute(mail(first.ann.id)))).toEqual(['system.emergency_stop'])
    expect(first.fake.sent).toHaveLength(1)
  })

  test('that was lifted is forgotten by a second gateway at its very next action', async () => {
    const storage = memoryStorage()
    const first = await world({ storage })
    const { outreach } = gatewayOn(first, storage)
    await first.gateway.system.emergencyStop({ reason: 'leak' })
    expect(codesOf(await outreach.execute(mail(first.ann.id)))).toEqual(['system.emergency_stop'])
    await first.gateway.system.liftEmergencyStop()
    expect(await outreach.check(mail(first.ann.id))).toMatchObject({ verdict: 'allow' })
    expect(await outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  })

  test('stops a held action too: nothing is asked of a human while nothing may run', async () => {
    const storage = memoryStorage()
    const first = await world({ storage })
    const { gateway, outreach } = gatewayOn(first, storage)
    await gateway.open()
    await first.gateway.system.emergencyStop({ reason: 'leak' })
    const bulk = { type: 'bulk_update_contacts', contactIds: [first.ann.id], tags: ['vip'], mode: 'add' } as const
    expect(codesOf(await outreach.execute(bulk))).toEqual(['system.emergency_stop'])
    expect(await gateway.approvals.list()).toEqual([])
  })

  test('is lifted by an operator and by nothing else: not by time, health reports, maintenance or a new gateway', async () => {
    const storage = memoryStorage()
    const { gateway, outreach, ann, clock, fake } = await world({ storage })
    await gateway.system.emergencyStop({ reason: 'leak' })
    clock.advance(30 * 86_400_000)
    await gateway.system.report('api_ghl', 'healthy')
    await gateway.system.enterMaintenance({ reason: 'upgrade' })
    await gateway.system.leaveMaintenance()
    const later = gatewayOn({ clock, fake, ann }, storage)
    expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['system.emergency_stop'])
    expect(codesOf(await later.outreach.execute(mail(ann.id)))).toEqual(['system.emergency_stop'])
    await gateway.system.liftEmergencyStop({ by: 'maria' })
    const afresh = outreach.with({ grounding: evidence(ann.id, clock) })
    expect(codesOf(await afresh.execute({ type: 'read_contact', contactId: ann.id }))).toEqual([])
  })

  test('survives a restart, as maintenance and switches do', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'sendwarden-'))
    const first = await world({ storage: fileStorage(dir) })
    await first.gateway.system.emergencyStop({ reason: 'leak' })
    await first.gateway.system.enterMaintenance({ reason: 'upgrade' })
    await first.gateway.system.switchOff('agent', 'outreach', { reason: 'misbehaves' })
    await first.gateway.close()
    const { gateway, outreach } = gatewayOn(first, fileStorage(dir))
    expect(codesOf(await outreach.execute(mail(first.ann.id)))).toEqual([
      'system.emergency_stop',
      'system.maintenance',
      'system.switched_off',
    ])
    await gateway.close()
    rmSync(dir, { recursive: true })
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['nobody', { reason: 'x', by: null }],
    ['undefined members', { reason: undefined, by: undefined }],
    ['numbers', { reason: 5, by: 7 }],
    ['symbols', { reason: Symbol('s'), by: Symbol('t') }],
    ['an object that throws', { reason: { toString: () => assert.fail() } }],
    [
      'a member that throws',
      {
        get reason() {
          return assert.fail()
        },
      },
    ],
    ['half a character', { reason: 'a\ud800b', by: '' }],
    ['a million characters', { reason: 'x'.repeat(1e6), by: 'y'.repeat(1e6) }],
  ])('is taken however badly it is filled in, and can be lifted: %s', async (_, why) => {
    const storage = memoryStorage()
    const first = await world({ storage })
    await first.gateway.system.emergencyStop(why as never)
    expect(codesOf(await first.outreach.execute(mail(first.ann.id)))).toEqual(['system.emergency_stop'])
    const { outreach } = gatewayOn(first, storage)
    expect(codesOf(await outreach.execute(mail(first.ann.id)))).toEqual(['system.emergency_stop'])
    await first.gateway.system.liftEmergencyStop({ by: 'maria' })
    expect(await outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  })

  test('is in the audit with who and why, and so is its end', async () => {
    const { gateway } = await world()
    await gateway.system.emergencyStop({ reason: 'leak', by: 'maria' })
    await gateway.system.liftEmergencyStop({ by: 'otto' })
    const said: string[] = []
    for await (const { by, action, note } of gateway.audit.records({ kind: 'operator' })) said.push(`${by} ${action} ${note}`)
    expect(said).toEqual(['maria system.emergency_stop leak', 'otto system.lift_emergency_stop undefined'])
  })
})

describe('protective operations pass an emergency stop, maintenance and an open breaker:', () => {
  const stop = async ({ gateway }: Awaited<ReturnType<typeof world>>) => {
    await gateway.system.emergencyStop({ reason: 'leak' })
    await gateway.system.enterMaintenance({ reason: 'upgrade' })
    await gateway.breakers.isolate('ghl_api', { by: 'maria' })
  }

  test('cancelling a scheduled mail', async () => {
    const made = await world()
    const { outreach, ann, fake, clock } = made
    const later = { ...mail(ann.id), type: 'schedule_email', sendAt: '2026-01-15T16:00:00Z' } as const
    const scheduled = await outreach.execute(later as Parameters<typeof outreach.execute>[0])
    expect(scheduled).toMatchObject({ status: 'executed', value: { emailMessageId: expect.any(String) } })
    await stop(made)
    const { emailMessageId } = (scheduled as { value: { emailMessageId: string } }).value
    const path = `/conversations/messages/email/${emailMessageId}/schedule`
    expect(await outreach.execute({ type: 'ghl_request', method: 'DELETE', path })).toMatchObject({ status: 'executed' })
    clock.set('2026-01-15T17:00:00Z')
    await fake.tick()
    expect(fake.sent).toHaveLength(0)
  })

  test('taking a contact out of a workflow', async () => {
    const made = await world()
    const { outreach, ann, fake } = made
    const { id } = fake.addWorkflow({})
    await outreach.execute({ type: 'trigger_workflow', contactId: ann.id, workflowId: id })
    await stop(made)
    const leave = { type: 'ghl_request', method: 'DELETE', path: `/contacts/${ann.id}/workflow/${id}`, body: {} } as const
    expect(await outreach.execute(leave)).toMatchObject({ status: 'executed' })
    expect(codesOf(await outreach.execute({ type: 'trigger_workflow', contactId: ann.id, workflowId: id }))).toContain(
      'system.emergency_stop',
    )
  })

  test('switching do-not-disturb on, but not off', async () => {
    const made = await world()
    const { gateway, ann, fake } = made
    const outreach = gateway.agent('outreach')
    await stop(made)
    expect(await outreach.execute({ type: 'update_contact', contactId: ann.id, contact: { dnd: true } })).toMatchObject({
      status: 'executed',
    })
    expect(fake.state.contacts.find(({ id }) => id === ann.id)).toMatchObject({ dnd: true })
    expect(await outreach.execute({ type: 'update_contact', contactId: ann.id, contact: { dnd: false } })).toMatchObject({
      status: 'blocked',
    })
  })
})

test('maintenance stops reads and writes, leaving it resumes them', async () => {
  const { gateway, outreach, ann } = await world()
  await gateway.system.enterMaintenance({ reason: 'upgrade' })
  expect(codesOf(await outreach.execute({ type: 'read_contact', contactId: ann.id }))).toEqual(['system.maintenance'])
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['system.maintenance'])
  await gateway.system.leaveMaintenance()
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
})

describe('a switch stops just what it names:', () => {
  test('an agent', async () => {
    const { gateway, outreach, ann, clock } = await world()
    await gateway.system.switchOff('agent', 'outreach', { reason: 'misbehaves' })
    expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['system.switched_off'])
    const queen = gateway.agent('queen').with({ grounding: evidence(ann.id, clock) })
    expect(await queen.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
    await gateway.system.switchOn('agent', 'outreach')
    expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  })

  test('a location', async () => {
    const { gateway, outreach, ann, fake } = await world()
    await gateway.system.switchOff('location', fake.locationId, { reason: 'client left' })
    expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['system.switched_off'])
    await gateway.system.switchOn('location', fake.locationId)
    await gateway.system.switchOff('location', 'another', { reason: 'client left' })
    expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  })

  test('a channel', async () => {
    const { gateway, outreach, ann } = await world()
    await gateway.system.switchOff('channel', 'sms', { reason: 'number blocked' })
    const text = { type: 'send_sms', contactId: ann.id, message: 'Hi Ann, Sam from Example here. Reply STOP to opt out' } as const
    expect(codesOf(await outreach.execute(text))).toEqual(['system.switched_off'])
    expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  })

  test('and a misspelt name is refused, with the nearest', async () => {
    const { gateway } = await world()
    await expect(gateway.system.switchOff('agent', 'outreech', { reason: 'x' })).rejects.toThrow(/outreach/)
    await expect(gateway.system.switchOff('channel', 'emial', { reason: 'x' })).rejects.toThrow(/email/)
  })
})

test('a critical component down stops writes and lets reads through', async () => {
  const { gateway, outreach, ann } = await world()
  await gateway.system.report('api_ghl', 'down', { error: 'no route' })
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['system.critical'])
  expect(await outreach.execute({ type: 'read_contact', contactId: ann.id })).toMatchObject({ status: 'executed' })
  await gateway.system.report('api_ghl', 'healthy')
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
})

describe('readiness', () => {
  const healthy = async ({ gateway }: Awaited<ReturnType<typeof world>>) => {
    for (const name of ['api_ghl', 'api_supabase', 'supabase_db']) await gateway.system.report(name, 'healthy')
  }
  const failedOf = async ({ gateway }: Awaited<ReturnType<typeof world>>) =>
    (await gateway.system.readiness()).failed.map(({ check }) => check)

  test('is not there before anybody looked, and is there when all was looked at and is fine', async () => {
    const made = await world()
    expect(await failedOf(made)).toEqual(expect.arrayContaining(['api_ghl', 'api_supabase', 'supabase_db', 'status']))
    await healthy(made)
    expect(await made.gateway.system.readiness()).toMatchObject({ ready: true, failed: [] })
  })

  test('sees an open breaker, a waiting approval, a used limit and errors, each as it is', async () => {
    const made = await world({ guardrails: { email: { perDay: 5 } } })
    const { gateway, outreach, ann, fake } = made
    await healthy(made)
    for (let i = 0; i < 4; i++) await outreach.execute(mail(ann.id))
    await outreach.execute({ type: 'bulk_update_contacts', contactIds: [ann.id], tags: ['a'], mode: 'add' })
    fake.fail({ times: 5, status: 503 })
    for (let i = 0; i < 5; i++) await outreach.execute({ type: 'read_contact', contactId: ann.id })
    expect(await failedOf(made)).toEqual(['email.perDay', 'breakers', 'approvals', 'errors'])
    expect((await gateway.system.snapshot()).openBreakers).toEqual(['ghl_api'])
  })
})

describe("an operator's mode", () => {
  test('holds from the next action on, for every gateway with that configuration', async () => {
    const storage = memoryStorage()
    const first = await world({ storage })
    const { outreach } = gatewayOn(first, storage)
    await first.gateway.system.setMode('shadow')
    expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'shadowed' })
    expect(await outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'shadowed' })
    expect((await first.gateway.system.snapshot()).modeInForce).toBe('shadow')
    await first.gateway.system.setMode(null)
    expect(await outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  })

  test('ends when the configuration itself names another mode than the one it replaced', async () => {
    const storage = memoryStorage()
    const first = await world({ storage, mode: 'shadow' })
    await first.gateway.system.setMode('live')
    expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    const { outreach } = gatewayOn(first, storage, { mode: { pilot: 0 } })
    expect(await outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'shadowed' })
    const again = gatewayOn(first, storage, { mode: 'shadow' })
    expect(await again.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  })
})

test('an emergency stop holds in this process even when it could not be stored', async () => {
  const storage = memoryStorage()
  let down = false
  const shaky: Storage = {
    ...storage,
    commit: (batches) => (down ? Promise.reject(new Error('disk full')) : storage.commit(batches)),
  }
  const { gateway, outreach, ann, fake } = await world({ storage: shaky })
  await gateway.open()
  down = true
  await expect(gateway.system.emergencyStop({ reason: 'it runs wild', by: null } as never)).rejects.toThrow('disk full')
  down = false
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['system.emergency_stop'])
  expect(fake.sent).toHaveLength(0)
  await gateway.system.liftEmergencyStop()
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
})
