import { expect, test } from 'vitest'
import { memoryStorage } from '../../src/storage/memory.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, evidence, mail, type World, world } from './world.js'

const DAY = 86_400_000
const WIDE = { perHour: 1000, perDay: 1000, perDomainHour: 1000, minDelayMs: 0 }
const open = { email: WIDE, hours: { email: 'always', sms: 'always' } } as const

/** How many of these mails leave. */
async function sendMany(
  { gateway, ann, clock }: World,
  count: number,
  from?: (n: number) => string | undefined,
): Promise<number> {
  const agent = gateway.agent('outreach').with({ grounding: evidence(ann.id, clock) })
  let left = 0
  for (let n = 0; n < count; n++) {
    const sender = from?.(n)
    const outcome = await agent.execute(
      mail(ann.id, { subject: `Note ${clock.now()} ${n}`, ...(sender !== undefined && { from: sender }) }),
    )
    if (outcome.status === 'executed') left++
    else expect(codesOf(outcome)).toEqual(['email.warm_up'])
  }
  return left
}

test('a domain nobody declared sends ten on its first days, then 15, and says how to declare it', async () => {
  const made = await world({ guardrails: open })
  const from = () => 'sam@new.example'
  const left: number[] = []
  for (let day = 0; day < 3; day++) {
    left.push(await sendMany(made, 17, from))
    made.clock.advance(DAY)
  }
  expect(left).toEqual([10, 10, 15])
  await sendMany(made, 15, from)
  const agent = made.gateway.agent('outreach').with({ grounding: evidence(made.ann.id, made.clock) })
  expect(await agent.execute(mail(made.ann.id, { from: 'sam@new.example' }))).toMatchObject({
    status: 'blocked',
    stage: 'limits',
    reasons: [
      { code: 'email.warm_up', data: { limit: 15, scope: 'new.example' }, message: expect.stringContaining('established') },
    ],
    retryAt: Date.parse('2026-01-18T00:00:00Z'),
  })
  expect(await agent.check(mail(made.ann.id, { from: 'sam@new.example' }))).toMatchObject({
    verdict: 'deny',
    reasons: [{ code: 'email.warm_up' }],
  })
})

test('no spelling of the sender dodges it', async () => {
  const made = await world({ guardrails: open })
  const spellings = ['sam@new.example', 'SAM@NEW.EXAMPLE', 'Sam <sam@mail.new.example>', 'sam@new.example.']
  expect(await sendMany(made, 14, (n) => spellings[n % spellings.length])).toBe(10)
  const other = await world({ guardrails: open })
  expect(await sendMany(other, 14, (n) => (n % 2 ? 'sam@bücher.example' : 'sam@xn--bcher-kva.example'))).toBe(10)
})

test('the account’s own domain and declared ones do not ramp; one listed as new does, and leaving the sender out is no way round', async () => {
  expect(await sendMany(await world({ guardrails: open }), 30)).toBe(30)
  const declared = await world({ guardrails: { ...open, health: { warmUp: { established: ['new.example'] } } } })
  expect(await sendMany(declared, 30, () => 'sam@mail.new.example')).toBe(30)
  const fresh = await world({ guardrails: { ...open, health: { warmUp: { new: ['agency.example.com'] } } } })
  expect(await sendMany(fresh, 14, (n) => (n % 2 ? undefined : 'sam@agency.example.com'))).toBe(10)
  const unnamed = await world({ account: {}, guardrails: { ...open, health: { warmUp: { new: ['fresh.example'] } } } })
  expect(await sendMany(unnamed, 14)).toBe(10)
  expect(await sendMany(await world({ account: {}, guardrails: open }), 30)).toBe(30)
})

test('a failed mail gives its place back', async () => {
  const made = await world({ guardrails: open })
  made.fake.fail({ match: 'POST /conversations/messages', status: 400, times: 1 })
  const agent = made.gateway.agent('outreach').with({ grounding: evidence(made.ann.id, made.clock) })
  expect(await agent.execute(mail(made.ann.id, { from: 'sam@new.example' }))).toMatchObject({ status: 'failed' })
  expect(await sendMany(made, 14, () => 'sam@new.example')).toBe(10)
})

test('two gateways on one storage warm a domain up together', async () => {
  const storage = memoryStorage()
  const made = await world({ storage, guardrails: open })
  const second = gatewayOn(made, storage, { guardrails: open })
  const outcomes = await Promise.all(
    Array.from({ length: 24 }, (_, n) => {
      const agent = n % 2 ? second.outreach : made.outreach
      return agent.execute(mail(made.ann.id, { subject: `Note ${n}`, from: 'sam@new.example' }))
    }),
  )
  expect(outcomes.filter(({ status }) => status === 'executed')).toHaveLength(10)
})

test('a day on which the domain had to stop does not take it a step up', async () => {
  const made = await world({ guardrails: open })
  const from = () => 'sam@new.example'
  await sendMany(made, 10, from)
  made.clock.advance(DAY)
  await sendMany(made, 10, from)
  await made.gateway.health.record('new.example', 'bounce', { count: 10 })
  made.clock.advance(2 * DAY)
  expect(await sendMany(made, 14, from)).toBe(10)
  made.clock.advance(DAY)
  expect(await sendMany(made, 14, from)).toBe(10)
  made.clock.advance(DAY)
  expect(await sendMany(made, 17, from)).toBe(15)
})

test('in shadow the ramp is the same, and a rehearsal takes no step', async () => {
  const made = await world({ mode: 'shadow', guardrails: open })
  const statuses: string[] = []
  for (let n = 0; n < 12; n++)
    statuses.push((await made.outreach.execute(mail(made.ann.id, { subject: `Note ${n}`, from: 'sam@new.example' }))).status)
  expect(statuses.filter((status) => status === 'shadowed')).toHaveLength(10)
  expect((await made.gateway.health.of('new.example')).counters.totalSent).toBe(0)
  for (const _day of [1, 2]) {
    made.clock.advance(DAY)
    const agent = made.gateway.agent('outreach').with({ grounding: evidence(made.ann.id, made.clock) })
    await agent.execute(mail(made.ann.id, { from: 'sam@new.example' }))
  }
  await made.gateway.system.setMode('live')
  expect(await sendMany(made, 14, () => 'sam@new.example')).toBe(10)
})

test('a campaign takes as many places of a new domain as it reaches people, and waits while the domain rests', async () => {
  const warmUp = { health: { warmUp: { new: ['agency.example.com'] } } }
  const { gateway, fake, clock } = await world({ guardrails: { ...open, ...warmUp } })
  const contactIds = Array.from({ length: 6 }, (_, n) => fake.addContact({ email: `c${n}@acme.example` }).id)
  const approveOne = async (id: string) => {
    fake.state.campaigns.push({
      id,
      name: id,
      locationId: fake.locationId,
      subject: 'News',
      html: '<p>News</p>',
      status: 'draft',
    })
    const grounding = evidence(contactIds[0] ?? '', clock)
    const held = await gateway
      .agent('outreach')
      .with({ grounding })
      .execute({ type: 'bulk_send_email', campaignId: id, contactIds })
    const answer = held.status === 'pending_approval' ? await gateway.approvals.approve(held.approvalId) : { outcome: held }
    return 'outcome' in answer ? answer.outcome : answer
  }
  expect(await approveOne('c1')).toMatchObject({ status: 'executed' })
  // Six of ten are used.
  expect(await approveOne('c2')).toMatchObject({ status: 'blocked', reasons: [{ code: 'email.warm_up' }] })
  await gateway.health.record('agency.example.com', 'bounce', { count: 20 })
  expect(await approveOne('c3')).toMatchObject({ status: 'blocked', reasons: [{ code: 'domain.cooling' }] })
})
