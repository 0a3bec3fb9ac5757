import { describe, expect, test } from 'vitest'
import { definePermissions, requires } from '../../src/permissions/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, evidence, mail, type World, world } from './world.js'

/*
 * The tests the replaced system named, each under its own name, on the gateway or on the room that keeps the promise:
 * permissions 10, breaker 8, guardrails 6 (two of them lost by its code), orchestrator 7, integration 2.
 */
const AGENTS = { outreach: 'GHL_MASTER', scout: 'HUNTER', keeper: 'GATEKEEPER', queen: 'QUEEN' }
const permissions = definePermissions({ agents: AGENTS })
const SPAM = {
  subject: 'FREE MONEY',
  html: '<p>Act now, you are a winner! Buy now. <a href="https://a.example/u">Unsubscribe</a></p>',
}
const BREAKERS = { breakers: { email_sending: { threshold: 3, openMs: 600_000, probes: 3 } } }

/** A mail with evidence of this moment. */
const send = ({ gateway, ann, clock }: World) =>
  gateway
    .agent('outreach')
    .with({ grounding: evidence(ann.id, clock) })
    .execute(mail(ann.id))

async function broken(): Promise<World> {
  const made = await world({ ...BREAKERS, guardrails: { email: { perDomainHour: 100 } } })
  made.fake.fail({ match: { method: 'POST' }, times: 3, status: 500 })
  for (let n = 0; n < 3; n++) await send(made)
  return made
}
const stateOf = async ({ gateway }: World) => (await gateway.breakers.status()).email_sending?.state

describe('permissions (10)', () => {
  test('unknown agent is denied', async () => {
    expect(permissions.check('nobody', 'read_leads')).toMatchObject({ verdict: 'deny' })
    const { gateway } = await world()
    expect(() => gateway.agent('nobody')).toThrow(/nobody/)
  })
  test('require raises when denied', () => {
    const sends = requires(permissions, 'send_email')((agent: string) => `${agent} sent`)
    expect(() => sends('scout')).toThrow(/scout.*send_email/s)
  })
  test('a granted permission passes', () => {
    expect(permissions.check('scout', 'read_leads')).toMatchObject({ verdict: 'allow' })
  })
  test('GHL_MASTER can send e-mail', async () => {
    expect(await send(await world())).toMatchObject({ status: 'executed' })
  })
  test('HUNTER cannot send e-mail', async () => {
    const { gateway, ann, fake } = await world()
    const outcome = await gateway.agent('scout').execute(mail(ann.id))
    expect(outcome).toMatchObject({ status: 'blocked', stage: 'permission' })
    expect(codesOf(outcome)).toContain('permission.denied')
    expect(fake.calls).toHaveLength(0)
  })
  test('platform access ignores case', () => {
    expect(permissions.platform('scout', 'LINKEDIN')).toMatchObject({ verdict: 'allow' })
  })
  test('wrong platform denied', async () => {
    const reader = { permissions: ['read_contacts'], platforms: ['LinkedIn'] }
    const made = await world()
    const { gateway } = gatewayOn(made, memoryStorage(), { agents: { outreach: 'GHL_MASTER', reader } } as never)
    const outcome = await gateway.agent('reader').execute({ type: 'read_contact', contactId: made.ann.id })
    expect(codesOf(outcome)).toEqual(['permission.platform'])
  })
  test('violations are logged', async () => {
    const { gateway, ann } = await world()
    await gateway.agent('scout').execute(mail(ann.id))
    const logged: unknown[] = []
    for await (const { agent, action, violation } of gateway.audit.records({ violations: true }))
      logged.push({ agent, action, violation })
    expect(logged).toEqual([{ agent: 'scout', action: 'send_email', violation: true }])
  })
  test('the rate limit blocks after its threshold', async () => {
    const made = await world()
    const role = { permissions: ['send_email'], platforms: ['GoHighLevel'], limitsPerHour: { email_send: 2 } }
    const { outreach } = gatewayOn(made, memoryStorage(), { agents: { outreach: role } } as never)
    for (let n = 0; n < 2; n++) expect(await outreach.execute(mail(made.ann.id))).toMatchObject({ status: 'executed' })
    expect(codesOf(await outreach.execute(mail(made.ann.id)))).toEqual(['agent.hourly_limit'])
  })
  test('restricted actions need approval', () => {
    expect(permissions.needsApproval('outreach', 'send_bulk')).toBe(true)
    expect(permissions.needsApproval('outreach', 'send_email')).toBe(false)
  })
})

describe('circuit breaker (8)', () => {
  test('closed to open after threshold failures', async () => {
    expect(await stateOf(await broken())).toBe('open')
  })
  test('open blocks calls', async () => {
    const made = await broken()
    expect(await send(made)).toMatchObject({ status: 'blocked', stage: 'breaker' })
    expect(made.fake.received({ method: 'POST' })).toHaveLength(3)
  })
  test('open to half-open after the timeout', async () => {
    const made = await broken()
    made.clock.advance(600_000)
    expect(await send(made)).toMatchObject({ status: 'executed' })
    expect(await stateOf(made)).toBe('half-open')
  })
  test('half-open to closed after successes', async () => {
    const made = await broken()
    made.clock.advance(600_000)
    for (let n = 0; n < 3; n++) await send(made)
    expect(await stateOf(made)).toBe('closed')
  })
  test('half-open to open on a failure', async () => {
    const made = await broken()
    made.clock.advance(600_000)
    made.fake.fail({ match: { method: 'POST' }, status: 500 })
    await send(made)
    expect(await stateOf(made)).toBe('open')
  })
  test('the error says when to retry', async () => {
    const made = await broken()
    expect(await send(made)).toMatchObject({ retryAt: made.clock.now() + 600_000 })
  })
  test('force-close resets', async () => {
    const made = await broken()
    await made.gateway.breakers.reset('email_sending', 'maria')
    expect(await stateOf(made)).toBe('closed')
    expect(await send(made)).toMatchObject({ status: 'executed' })
  })
  test('state persists', async () => {
    const storage = memoryStorage()
    const first = await world({ ...BREAKERS, storage })
    first.fake.fail({ match: { method: 'POST' }, times: 3, status: 500 })
    for (let n = 0; n < 3; n++) await send(first)
    expect(await stateOf({ ...first, ...gatewayOn(first, storage, BREAKERS) })).toBe('open')
  })
})

describe('guardrails (6)', () => {
  test('spam words block', async () => {
    const { outreach, ann, fake } = await world()
    expect(codesOf(await outreach.execute(mail(ann.id, SPAM)))).toContain('content.spam')
    expect(fake.sent).toHaveLength(0)
  })
  test('a missing unsubscribe is flagged', async () => {
    const { outreach, ann } = await world()
    const bare = mail(ann.id, { html: '<p>Hi Ann, shall we talk about the second warehouse next week?</p>' })
    expect(codesOf(await outreach.execute(bare))).toEqual(['compliance.opt_out_missing'])
  })
  test('grounding required for high risk', async () => {
    const { gateway, ann, fake } = await world()
    const outreach = gateway.agent('outreach')
    expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['grounding.missing'])
    expect(codesOf(await outreach.execute({ type: 'trigger_workflow', contactId: ann.id, workflowId: 'w1' }))).toContain(
      'grounding.missing',
    )
    expect(fake.received({ method: 'POST' })).toHaveLength(0)
  })
  test('a critical action requires approval', async () => {
    const { gateway, ann, clock, fake } = await world()
    const queen = gateway.agent('queen').with({ grounding: evidence(ann.id, clock) })
    expect(await queen.execute({ type: 'delete_contact', contactId: ann.id })).toMatchObject({ status: 'pending_approval' })
    expect(fake.received({ method: 'DELETE' })).toHaveLength(0)
  })
  test('limits enforced', async () => {
    const made = await world({ guardrails: { email: { perHour: 2 } } })
    for (let n = 0; n < 2; n++) await send(made)
    expect(codesOf(await send(made))).toEqual(['email.hourly_limit'])
    expect(made.fake.sent).toHaveLength(2)
  })
  test('a valid e-mail allowed', async () => {
    const { outreach, ann } = await world()
    expect(await outreach.check(mail(ann.id))).toMatchObject({ verdict: 'allow' })
  })
})

describe('orchestrator (7)', () => {
  test('a healthy system is operational', async () => {
    const { gateway } = await world()
    for (const name of ['api_ghl', 'api_supabase', 'supabase_db']) await gateway.system.report(name, 'healthy')
    expect(await gateway.system.snapshot()).toMatchObject({ status: 'healthy', operational: true })
  })
  test('maintenance stops operations', async () => {
    const made = await world()
    await made.gateway.system.enterMaintenance({ reason: 'upgrade' })
    expect(codesOf(await send(made))).toEqual(['system.maintenance'])
  })
  test('leaving it resumes them', async () => {
    const made = await world()
    await made.gateway.system.enterMaintenance({ reason: 'upgrade' })
    await made.gateway.system.leaveMaintenance()
    expect(await send(made)).toMatchObject({ status: 'executed' })
  })
  test('emergency shutdown stops operations', async () => {
    const made = await world()
    await made.gateway.system.emergencyStop({ reason: 'leak' })
    expect(codesOf(await send(made))).toEqual(['system.emergency_stop'])
  })
  test('component health updates', async () => {
    const { gateway } = await world()
    await gateway.system.report('api_clay', 'degraded', { error: 'slow' })
    const { components } = await gateway.system.snapshot()
    expect(components.find(({ name }) => name === 'api_clay')).toMatchObject({ status: 'degraded', failures: 1, error: 'slow' })
  })
  test('a critical API down degrades the system', async () => {
    const { gateway } = await world()
    await gateway.system.report('api_ghl', 'down')
    expect(await gateway.system.snapshot()).toMatchObject({ status: 'critical', operational: false })
  })
  test('the readiness check', async () => {
    const { gateway } = await world()
    expect(await gateway.system.readiness()).toMatchObject({ ready: false })
    for (const name of ['api_ghl', 'api_supabase', 'supabase_db']) await gateway.system.report(name, 'healthy')
    expect(await gateway.system.readiness()).toMatchObject({ ready: true })
  })
})

describe('integration (2)', () => {
  test('permissions and guardrails agree', async () => {
    const { gateway, ann, clock, fake } = await world()
    const grounding = evidence(ann.id, clock)
    for (const [name, may] of [
      ['outreach', true],
      ['queen', true],
      ['scout', false],
      ['keeper', false],
    ] as const) {
      expect(permissions.check(name, 'send_email').verdict === 'allow').toBe(may)
      const { status } = await gateway.agent(name).with({ grounding }).execute(mail(ann.id))
      expect(status).toBe(may ? 'executed' : 'blocked')
    }
    expect(fake.sent).toHaveLength(2)
  })
  test('breakers exist for the APIs', async () => {
    const { gateway } = await world()
    const names = ['ghl_api', 'linkedin_api', 'supabase', 'clay_api', 'email_sending']
    expect(Object.keys(await gateway.breakers.status())).toEqual(expect.arrayContaining(names))
  })
})
