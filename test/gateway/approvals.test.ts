import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/json.js'
import type { HeldCall } from '../../src/gateway/approval-requests.js'
import { fileStorage } from '../../src/storage/file/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, evidence, MORNING, mail, type World, world } from './world.js'

const DAY = 86_400_000
const NIGHT = '2026-01-14T06:00:00Z'
const CRAFTER_MAIL = {
  permissions: ['read_contacts', 'send_email'],
  platforms: ['GoHighLevel'],
  requiresApprovalFor: ['send_email'],
} as const
const AGENTS = {
  outreach: 'GHL_MASTER',
  scout: 'HUNTER',
  keeper: 'GATEKEEPER',
  queen: 'QUEEN',
  writer: CRAFTER_MAIL,
  doubter: { permissions: ['reject_campaign'], platforms: ['GoHighLevel'] },
}

/** A bulk tag update that waits for a human. */
async function held(config: Parameters<typeof world>[0] = {}) {
  const made = await world({ agents: AGENTS, ...config } as Parameters<typeof world>[0])
  const { outreach, ann, fake } = made
  const bulk = { type: 'bulk_update_contacts', contactIds: [ann.id], tags: ['spring'], mode: 'add' as const } as const
  const outcome = await outreach.execute({ ...bulk, contactIds: [ann.id], tags: ['spring'] })
  if (outcome.status !== 'pending_approval') throw new Error(`expected a held action, got ${outcome.status}`)
  const tagged = () => fake.received('POST /contacts/bulk/tags/update/add')
  return { ...made, id: outcome.approvalId, outcome, tagged }
}

/** A mail of a role whose mails wait for a human. */
async function heldMail(made: World): Promise<string> {
  const { gateway, ann, clock } = made
  const writer = gateway.agent('writer').with({ grounding: evidence(ann.id, clock) })
  const outcome = await writer.execute(mail(ann.id))
  if (outcome.status !== 'pending_approval') throw new Error(`expected a held mail, got ${JSON.stringify(outcome)}`)
  return outcome.approvalId
}

const worldWithWriter = () => world({ agents: AGENTS } as Parameters<typeof world>[0])

test('a critical action waits: nothing is sent, the request is stored with who, what and why', async () => {
  const { gateway, outcome, id, fake } = await held()
  expect(codesOf(outcome)).toEqual(['approval.required'])
  expect(fake.received({ method: 'POST' })).toHaveLength(0)
  expect(await gateway.approvals.list({ status: 'pending' })).toMatchObject([
    { id, agent: 'outreach', action: 'bulk_update_contacts', status: 'pending', required: 1 },
  ])
})

test('approving runs it, once, and GHL received it once', async () => {
  const { gateway, id, ann, fake, tagged } = await held()
  const answer = await gateway.approvals.approve(id, { by: 'maria' })
  expect(answer).toMatchObject({ outcome: { status: 'executed' }, approval: { status: 'consumed' } })
  expect(await gateway.approvals.approve(id, { by: 'otto' })).toMatchObject({ refused: { code: 'approval.not_pending' } })
  expect(await gateway.approvals.run(id)).toMatchObject({ refused: { code: 'approval.used' } })
  expect(tagged()).toHaveLength(1)
  expect(fake.state.contacts.find((one) => one.id === ann.id)?.tags).toEqual(['spring'])
})

test('a rejected request never runs', async () => {
  const { gateway, id, fake } = await held()
  expect(await gateway.approvals.reject(id, { by: 'maria', note: 'no' })).toMatchObject({ approval: { status: 'rejected' } })
  expect(await gateway.approvals.approve(id)).toMatchObject({ refused: { code: 'approval.not_pending' } })
  expect(await gateway.approvals.run(id)).toMatchObject({ refused: { code: 'approval.not_approved' } })
  expect(fake.received({ method: 'POST' })).toHaveLength(0)
})

test('a request ends after its time, decided or not', async () => {
  const { gateway, id, clock, fake } = await held({ approvals: { expireMs: 60_000 } })
  clock.advance(60_000)
  expect(await gateway.approvals.approve(id)).toMatchObject({ refused: { code: 'approval.expired' } })
  expect(fake.received({ method: 'POST' })).toHaveLength(0)
})

test('what nobody decided in time is no pending request any more, and can still be read for thirty days', async () => {
  const { gateway, id, clock } = await held({ approvals: { expireMs: 60_000 } })
  expect((await gateway.system.snapshot()).pendingApprovals).toBe(1)
  clock.advance(60_000)
  expect(await gateway.approvals.list({ status: 'pending' })).toEqual([])
  expect((await gateway.system.snapshot()).pendingApprovals).toBe(0)
  expect(await gateway.approvals.list()).toMatchObject([{ id, status: 'pending' }])
  clock.advance(30 * DAY - 1)
  expect(await gateway.approvals.get(id)).toMatchObject({ id })
  clock.advance(1)
  expect(await gateway.approvals.get(id)).toBeNull()
})

test('what was approved and used goes the same way', async () => {
  const { gateway, id, clock } = await held({ approvals: { expireMs: 60_000 } })
  await gateway.approvals.approve(id, { by: 'maria' })
  clock.advance(60_000 + 30 * DAY - 1)
  expect(await gateway.approvals.get(id)).toMatchObject({ status: 'consumed' })
  clock.advance(1)
  expect(await gateway.approvals.list()).toEqual([])
})

test('many approve at once, in two gateways: one effect', async () => {
  const storage = memoryStorage()
  const first = await held({ storage })
  const { gateway } = gatewayOn(first, storage, { agents: AGENTS } as Parameters<typeof gatewayOn>[2])
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, n) => (n % 2 ? first.gateway : gateway).approvals.approve(first.id, { by: `p${n}` })),
  )
  expect(all.filter((answer) => 'outcome' in answer && answer.outcome?.status === 'executed')).toHaveLength(1)
  expect(first.tagged()).toHaveLength(1)
})

test('an approved request that many run at once has one effect', async () => {
  const made = await worldWithWriter()
  const id = await heldMail(made)
  made.clock.set(NIGHT)
  await made.gateway.approvals.approve(id)
  made.clock.set('2026-01-14T15:10:00Z')
  const all = await Promise.all(Array.from({ length: 20 }, () => made.gateway.approvals.run(id)))
  expect(all.filter((answer) => 'outcome' in answer && answer.outcome?.status === 'executed')).toHaveLength(1)
  expect(made.fake.sent).toHaveLength(1)
})

describe('an agent that asks again is answered with what it asked for before:', () => {
  const ask = (made: World) =>
    made.gateway
      .agent('writer')
      .with({ grounding: evidence(made.ann.id, made.clock) })
      .execute(mail(made.ann.id))

  test('approved at night and asked for again in the morning: one request, one mail', async () => {
    const made = await worldWithWriter()
    const { gateway, clock, fake } = made
    const id = await heldMail(made)
    clock.set('2026-01-15T03:00:00Z')
    await gateway.approvals.approve(id)
    clock.set('2026-01-15T14:00:00Z')
    expect(await ask(made)).toMatchObject({ status: 'pending_approval', approvalId: id })
    expect(await gateway.approvals.list({ status: 'pending' })).toEqual([])
    await gateway.approvals.run(id)
    expect(fake.sent).toHaveLength(1)
    expect(await ask(made)).toMatchObject({ status: 'pending_approval', approvalId: expect.not.stringContaining(id) })
  })

  test('edited, and the edit edited: the latest of them stands for all three', async () => {
    const made = await worldWithWriter()
    const { gateway, clock } = made
    const id = await heldMail(made)
    let latest = id
    for (const subject of ['Your warehouse', 'Your new warehouse']) {
      clock.advance(12 * 3_600_000)
      const held = (await gateway.approvals.get(latest))?.request as unknown as HeldCall
      const edited = await gateway.approvals.edit(latest, { body: { ...(held.call.body as JsonObject), subject } }, 'maria')
      latest = edited.approval?.id ?? ''
    }
    clock.advance(23 * 3_600_000)
    for (const subject of ['Your second warehouse', 'Your warehouse', 'Your new warehouse']) {
      const writer = gateway.agent('writer').with({ grounding: evidence(made.ann.id, clock) })
      expect(await writer.execute(mail(made.ann.id, { subject }))).toMatchObject({ approvalId: latest })
    }
    expect(await gateway.approvals.list({ status: 'pending' })).toHaveLength(1)
  })

  test('a yes that another configuration made worthless does not stand in the way of a new request', async () => {
    const storage = memoryStorage()
    const made = await world({ agents: AGENTS, storage } as Parameters<typeof world>[0])
    const id = await heldMail(made)
    const stricter = { agents: AGENTS, guardrails: { email: { perDay: 1 } } } as Parameters<typeof gatewayOn>[2]
    const { gateway } = gatewayOn(made, storage, stricter)
    expect(await gateway.approvals.approve(id)).toMatchObject({ refused: { code: 'approval.policy_changed' } })
    const again = await ask({ ...made, gateway })
    expect(again).toMatchObject({ status: 'pending_approval', approvalId: expect.not.stringContaining(id) })
  })
})

describe('who may decide:', () => {
  test('an agent without the permission has no approvals to decide on', async () => {
    const { gateway, outreach } = await held()
    expect(outreach.approvals).toBeUndefined()
    expect(gateway.agent('scout').approvals).toBeUndefined()
  })

  test('a GATEKEEPER may', async () => {
    const { gateway, id, tagged } = await held()
    expect(await gateway.agent('keeper').approvals?.approve(id)).toMatchObject({ outcome: { status: 'executed' } })
    expect(tagged()).toHaveLength(1)
  })

  test('an agent decides as often per hour as its role allows; the operator decides on', async () => {
    const { gateway, outreach, ann, id } = await held({
      agents: {
        ...AGENTS,
        keeper: {
          permissions: ['approve_campaign', 'reject_campaign'],
          platforms: ['All'],
          limitsPerHour: { approval_decision: 1 },
        },
      },
    } as Parameters<typeof world>[0])
    const second = await outreach.execute({ type: 'bulk_update_contacts', contactIds: [ann.id], tags: ['summer'], mode: 'add' })
    if (second.status !== 'pending_approval') throw new Error(`expected a held action, got ${second.status}`)
    const keeper = gateway.agent('keeper')
    expect(await keeper.approvals?.reject(id)).toMatchObject({ approval: { status: 'rejected' } })
    expect(await keeper.approvals?.reject(second.approvalId)).toMatchObject({
      refused: { code: 'agent.hourly_limit', data: { limit: 1, used: 1 }, retryAt: expect.any(Number) },
      approval: { status: 'pending' },
    })
    expect(await gateway.approvals.reject(second.approvalId, { by: 'maria' })).toMatchObject({ approval: { status: 'rejected' } })
  })

  test('an agent cannot name another decider than itself', async () => {
    const { gateway, id } = await held()
    const answer = await gateway.agent('keeper').approvals?.approve(id, { by: 'maria' })
    expect(answer).toMatchObject({ approval: { votes: [{ by: { kind: 'agent', name: 'keeper' } }] } })
  })

  test('the requester may not, through its own handle or under its own name', async () => {
    const { gateway, ann, clock, fake } = await held()
    const queen = gateway.agent('queen').with({ grounding: evidence(ann.id, clock) })
    const outcome = await queen.execute({ type: 'delete_contact', contactId: ann.id })
    const id = outcome.status === 'pending_approval' ? outcome.approvalId : ''
    expect(await queen.approvals?.approve(id)).toMatchObject({ refused: { code: 'approval.own_request' } })
    expect(await gateway.approvals.approve(id, { by: 'queen' })).toMatchObject({ refused: { code: 'approval.own_request' } })
    expect(fake.received({ method: 'DELETE' })).toHaveLength(0)
  })

  test('who may only reject cannot approve, run or edit', async () => {
    const { gateway, id, fake } = await held()
    const { approvals } = gateway.agent('doubter')
    for (const answer of [await approvals?.approve(id), await approvals?.run(id), await approvals?.edit(id, { body: {} })])
      expect(answer).toMatchObject({ refused: { code: 'permission.denied' } })
    expect(fake.received({ method: 'POST' })).toHaveLength(0)
    expect(await approvals?.reject(id)).toMatchObject({ approval: { status: 'rejected' } })
  })

  test('an agent that was switched off decides nothing', async () => {
    const { gateway, id, fake } = await held()
    await gateway.system.switchOff('agent', 'keeper', { reason: 'misbehaves' })
    expect(await gateway.agent('keeper').approvals?.approve(id)).toMatchObject({ refused: { code: 'system.switched_off' } })
    expect(fake.received({ method: 'POST' })).toHaveLength(0)
  })

  test('two have to, where the policy says two', async () => {
    const { gateway, id, tagged } = await held({ approvals: { required: 2 } })
    expect(await gateway.approvals.approve(id, { by: 'maria' })).toMatchObject({ approval: { status: 'pending' } })
    expect(await gateway.approvals.approve(id, { by: 'maria' })).toMatchObject({ refused: { code: 'approval.same_approver' } })
    expect(tagged()).toHaveLength(0)
    expect(await gateway.approvals.approve(id, { by: 'otto' })).toMatchObject({ outcome: { status: 'executed' } })
  })
})

describe('at the time of the approval everything is judged again:', () => {
  test('at night the mail stays approved, and can be run in the morning', async () => {
    const made = await worldWithWriter()
    const { gateway, clock, fake } = made
    const id = await heldMail(made)
    clock.set('2026-01-15T03:00:00Z')
    const answer = await gateway.approvals.approve(id)
    expect(answer).toMatchObject({ approval: { status: 'approved' }, outcome: { status: 'blocked', stage: 'guardrails' } })
    expect(fake.sent).toHaveLength(0)
    clock.set(MORNING)
    expect(await gateway.approvals.run(id)).toMatchObject({ approval: { status: 'consumed' }, outcome: { status: 'executed' } })
    expect(fake.sent).toHaveLength(1)
  })

  test('do-not-disturb set meanwhile holds, and so does an emergency stop', async () => {
    const made = await worldWithWriter()
    const { gateway, ann, fake } = made
    const id = await heldMail(made)
    const contact = fake.state.contacts.find((one) => one.id === ann.id)
    if (contact) contact.dnd = true
    const answer = await gateway.approvals.approve(id)
    expect(answer).toMatchObject({ outcome: { status: 'blocked', reasons: [{ code: 'recipient.dnd' }] } })
    await gateway.system.emergencyStop({ reason: 'leak' })
    expect(await gateway.approvals.run(id)).toMatchObject({ outcome: { reasons: [{ code: 'system.emergency_stop' }] } })
    expect(fake.sent).toHaveLength(0)
  })

  test('a grant given under another configuration is worth nothing', async () => {
    const storage = memoryStorage()
    const first = await held({ storage })
    const stricter = { agents: AGENTS, guardrails: { email: { perDay: 1 } } } as Parameters<typeof gatewayOn>[2]
    const { gateway } = gatewayOn(first, storage, stricter)
    expect(await gateway.approvals.approve(first.id)).toMatchObject({ refused: { code: 'approval.policy_changed' } })
    expect(first.tagged()).toHaveLength(0)
  })

  test('an edited request is a new one, checked from the start: evidence about another contact does not carry over', async () => {
    const made = await held()
    const { gateway, id, fake, tagged } = made
    const bob = fake.addContact({ email: 'bob@other.example' })
    const edited = await gateway.approvals.edit(id, {
      body: { contacts: [bob.id], tags: ['spring'], locationId: fake.locationId },
    })
    if ('refused' in edited) throw new Error(edited.refused.message)
    expect(await gateway.approvals.approve(id)).toMatchObject({ refused: { code: 'approval.not_pending' } })
    const answer = await gateway.approvals.approve(edited.approval.id)
    expect(answer).toMatchObject({ outcome: { status: 'blocked', stage: 'guardrails' } })
    expect('outcome' in answer && answer.outcome ? codesOf(answer.outcome) : []).toContain('grounding.other_contact')
    expect(tagged()).toHaveLength(0)
  })

  test('what was edited runs as edited', async () => {
    const { gateway, id, ann, fake, tagged } = await held()
    const edited = await gateway.approvals.edit(id, {
      body: { contacts: [ann.id], tags: ['autumn'], locationId: fake.locationId },
    })
    if ('refused' in edited) throw new Error(edited.refused.message)
    expect(await gateway.approvals.approve(edited.approval.id)).toMatchObject({ outcome: { status: 'executed' } })
    expect(tagged().map(({ body }) => body)).toMatchObject([{ tags: ['autumn'] }])
  })
})

describe('what is stored cannot be changed behind the back:', () => {
  test.each([
    ['the call', (stored: Record<string, unknown>) => ({ ...stored, request: { call: {}, context: {} } })],
    ['the status', (stored: Record<string, unknown>) => ({ ...stored, status: 'approved', decidedAt: 1 })],
    ['the expiry', (stored: Record<string, unknown>) => ({ ...stored, expiresAt: Number.MAX_SAFE_INTEGER })],
    ['all of it', () => null],
    ['its shape', () => ({ status: 'approved' })],
  ])('%s', async (_, change) => {
    const storage = memoryStorage()
    const { gateway, id, fake } = await held({ storage })
    const [entry] = await storage.read([`approval/${id}`])
    const value = change(entry?.value as Record<string, unknown>) as never
    await storage.commit([[{ op: 'put', key: `approval/${id}`, value }]])
    for (const answer of [await gateway.approvals.approve(id), await gateway.approvals.run(id)])
      expect(answer).toMatchObject({ refused: { code: expect.stringMatching(/tampered|not_pending|not_approved/) } })
    expect(fake.received({ method: 'POST' })).toHaveLength(0)
  })
})

test('a pending and an approved request survive a restart', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sendwarden-'))
  const first = await held({ storage: fileStorage(dir) })
  const mailId = await heldMail(first)
  first.clock.set('2026-01-15T03:00:00Z')
  await first.gateway.approvals.approve(mailId)
  await first.gateway.close()
  first.clock.set(MORNING)
  const { gateway } = gatewayOn(first, fileStorage(dir), { agents: AGENTS } as Parameters<typeof gatewayOn>[2])
  expect(await gateway.approvals.run(mailId)).toMatchObject({ outcome: { status: 'executed' } })
  expect(await gateway.approvals.approve(first.id)).toMatchObject({ outcome: { status: 'executed' } })
  await gateway.close()
  rmSync(dir, { recursive: true })
})

test('the policy may ask for a human where the role does not', async () => {
  const { outreach, ann, fake } = await world({ approvals: { requireFor: ['send_sms', 'add_tag'] } })
  const outcome = await outreach.execute({ type: 'add_tag', contactId: ann.id, tags: ['vip'] })
  expect(outcome).toMatchObject({ status: 'pending_approval', reasons: [{ rule: 'approvals.requireFor' }] })
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  expect(fake.received({ method: 'POST' })).toHaveLength(1)
})

test('a gateway whose transport names no location runs what was held for the contact’s own', async () => {
  const made = await worldWithWriter()
  const { ghlHttp } = await import('../../src/http/index.js')
  const http = ghlHttp({ token: made.fake.accessToken, baseUrl: made.fake.url })
  const { gateway } = gatewayOn(made, memoryStorage(), { agents: AGENTS, http } as Parameters<typeof gatewayOn>[2])
  const id = await heldMail({ ...made, gateway })
  expect(await gateway.approvals.approve(id)).toMatchObject({ outcome: { status: 'executed' } })
})
