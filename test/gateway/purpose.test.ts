import { expect, test } from 'vitest'
import { createGateway, isConfigError, isGatewayBlocked, withGateway } from '../../src/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { doors } from './doors/setup.js'
import { codesOf, evidence, mail, world } from './world.js'

/** A receipt: no way to unsubscribe, no postal address. */
const RECEIPT = { subject: 'Receipt 4471', html: '<p>Hello,</p><p>Thank you for your payment of $129.00 of today.</p>' }
const AGENTS = { outreach: 'GHL_MASTER', billing: 'GHL_MASTER' } as const
const trusting = () => world({ agents: AGENTS, guardrails: { transactional: ['billing'] } } as Parameters<typeof world>[0])

test('an advertisement is what a message is taken for, unless a trusted agent says otherwise', async () => {
  const { gateway, ann, clock } = await trusting()
  const billing = gateway.agent('billing').with({ grounding: evidence(ann.id, clock) })
  expect(codesOf(await billing.execute(mail(ann.id, RECEIPT)))).toContain('compliance.opt_out_missing')
  const said = billing.with({ purpose: 'transactional' })
  expect(await said.execute(mail(ann.id, RECEIPT))).toMatchObject({ status: 'executed', warnings: [] })
  const purposes = []
  for await (const { kind, purpose } of gateway.audit.records()) if (kind === 'intent') purposes.push(purpose)
  expect(purposes).toEqual(['transactional'])
})

test('the same through the official SDK', async () => {
  const { gateway, raw, ann, clock, fake } = await doors({ guardrails: { transactional: ['boss'], email: { minDelayMs: 0 } } })
  const said = { grounding: evidence(ann.id, clock), purpose: 'transactional' } as const
  const body = { type: 'Email', contactId: ann.id, ...RECEIPT } as never
  await withGateway(raw, gateway.agent('boss').with(said)).conversations.sendANewMessage(body)
  await expect(withGateway(raw, gateway.agent('reader').with(said)).conversations.sendANewMessage(body)).rejects.toSatisfy(
    isGatewayBlocked,
  )
  expect(fake.received('POST /conversations/messages')).toHaveLength(1)
})

test.each([{ purpose: 'transactional' }, { firstMessage: false }] as const)(
  'nobody else loosens anything by saying %j: it is refused as a violation, and named',
  async (said) => {
    const { gateway, outreach, ann } = await trusting()
    const outcome = await outreach.with(said).execute(mail(ann.id, RECEIPT))
    expect(outcome).toMatchObject({ status: 'blocked', stage: 'permission', reasons: [{ code: 'permission.purpose' }] })
    const violations = []
    for await (const { codes } of gateway.audit.records({ violations: true })) violations.push(codes)
    expect(violations).toEqual([['permission.purpose']])
  },
)

test.each([{ purpose: 'commercial' }, { firstMessage: true }] as const)('what is stricter anybody may say: %j', async (said) => {
  const { outreach, ann } = await trusting()
  expect(await outreach.with(said).execute(mail(ann.id))).toMatchObject({ status: 'executed' })
})

test('what is the first text is held to its rule, whatever thread it names', async () => {
  const brand = { sender: { brand: 'Acme Analytics' } }
  const { outreach, ann } = await world({ guardrails: brand } as Parameters<typeof world>[0])
  const text = { type: 'send_sms', contactId: ann.id, message: 'Hi Ann, its Sam. Reply STOP to opt out' } as const
  expect(codesOf(await outreach.with({ firstMessage: true }).execute(text))).toContain('compliance.sms_sender_missing')
})

test('a request that waits for a human keeps what was said of it', async () => {
  const { gateway, ann, clock } = await world({
    agents: AGENTS,
    guardrails: { transactional: ['billing'] },
    approvals: { requireFor: ['send_email'] },
  } as Parameters<typeof world>[0])
  const billing = gateway.agent('billing').with({ grounding: evidence(ann.id, clock), purpose: 'transactional' })
  const held = await billing.execute(mail(ann.id, RECEIPT))
  if (held.status !== 'pending_approval') throw new Error(`expected a held mail, got ${JSON.stringify(held)}`)
  expect(await gateway.approvals.approve(held.approvalId)).toMatchObject({ outcome: { status: 'executed' } })
})

test('an agent that does not exist cannot be trusted', () => {
  const config = { agents: AGENTS, storage: memoryStorage(), guardrails: { transactional: ['biling'] } }
  try {
    createGateway(config)
    expect.unreachable()
  } catch (error) {
    expect(isConfigError(error)).toBe(true)
    expect(String(error)).toContain('guardrails.transactional[0]')
    expect(String(error)).toContain('billing')
  }
})
