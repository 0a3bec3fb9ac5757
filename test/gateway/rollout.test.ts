import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../src/storage/memory.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, evidence, mail, world } from './world.js'

describe('shadow', () => {
  test('is the mode of who configures none', async () => {
    const { gateway } = await world({ mode: undefined } as never)
    expect((await gateway.system.snapshot()).modeInForce).toBe('shadow')
  })

  test('sends nothing: GHL only sees reads, and the outcome shows what would have been sent', async () => {
    const { outreach, ann, fake } = await world({ mode: 'shadow' })
    expect(await outreach.execute(mail(ann.id))).toMatchObject({
      status: 'shadowed',
      request: { method: 'POST', path: '/conversations/messages', body: { contactId: ann.id } },
    })
    await outreach.execute({ type: 'add_tag', contactId: ann.id, tags: ['vip'] })
    await outreach.execute({ type: 'trigger_workflow', contactId: ann.id, workflowId: 'w1' })
    expect(await outreach.execute({ type: 'read_contact', contactId: ann.id })).toMatchObject({ status: 'executed' })
    expect(new Set(fake.calls.map(({ method }) => method))).toEqual(new Set(['GET']))
    expect(fake.sent).toHaveLength(0)
  })

  test('answers as a live day would: the same mails on the same day get the same verdicts, limits included', async () => {
    const day = async (mode: 'shadow' | 'live') => {
      const { gateway, ann, clock } = await world({ mode, guardrails: { email: { perHour: 3, minDelayMs: 30_000 } } })
      const verdicts: unknown[] = []
      for (let n = 0; n < 8; n++) {
        const outreach = gateway.agent('outreach').with({ grounding: evidence(ann.id, clock) })
        const outcome = await outreach.execute(mail(ann.id, n === 2 ? { subject: 'FREE MONEY', html: 'act now, winner!' } : {}))
        verdicts.push([outcome.status === 'shadowed' ? 'executed' : outcome.status, codesOf(outcome)])
        clock.advance(n === 0 ? 10_000 : 60_000)
      }
      return verdicts
    }
    const live = await day('live')
    expect(await day('shadow')).toEqual(live)
    expect(live.flat(2)).toEqual(expect.arrayContaining(['executed', 'email.hourly_limit', 'email.min_delay', 'content.spam']))
  })

  test('counts apart: a rehearsal uses up nothing of the day', async () => {
    const storage = memoryStorage()
    const limit = { guardrails: { email: { perHour: 2 } } }
    const first = await world({ storage, mode: 'shadow', ...limit })
    for (let n = 0; n < 2; n++) await first.outreach.execute(mail(first.ann.id))
    expect(codesOf(await first.outreach.execute(mail(first.ann.id)))).toEqual(['email.hourly_limit'])
    const { outreach } = gatewayOn(first, storage, { mode: 'live', ...limit })
    expect(await outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    expect(await outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    expect(first.fake.sent).toHaveLength(2)
  })

  test('records that a human would have been asked, and asks nobody', async () => {
    const { gateway, outreach, ann, fake } = await world({ mode: 'shadow' })
    const bulk = await outreach.execute({ type: 'bulk_update_contacts', contactIds: [ann.id], tags: ['a'], mode: 'add' })
    expect(bulk).toMatchObject({ status: 'shadowed', wouldHold: [{ code: 'approval.required' }] })
    expect(await gateway.approvals.list()).toEqual([])
    expect(fake.received({ method: 'POST' })).toHaveLength(0)
  })

  test('takes no probe from a half-open breaker and tells it nothing', async () => {
    const storage = memoryStorage()
    const breakers = { email_sending: { threshold: 1, openMs: 60_000, probes: 1 } }
    const first = await world({ storage, breakers })
    first.fake.fail({ match: { method: 'POST' }, status: 500 })
    await first.outreach.execute(mail(first.ann.id))
    first.clock.advance(60_000)
    const { outreach } = gatewayOn(first, storage, { mode: 'shadow', breakers })
    for (let n = 0; n < 3; n++) expect(await outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'shadowed' })
    expect(await first.gateway.breakers.status()).toMatchObject({ email_sending: { state: 'open' } })
    expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  })

  test('is audited as shadow', async () => {
    const { gateway, outreach, ann } = await world({ mode: 'shadow' })
    await outreach.execute(mail(ann.id))
    const said: unknown[] = []
    for await (const { kind, status } of gateway.audit.records({ kind: 'outcome' })) said.push([kind, status])
    expect(said).toEqual([['outcome', 'shadowed']])
  })
})

describe('a pilot', () => {
  test('is live for the same contacts on every channel, and whoever is in 10 % is in 25 %', async () => {
    const storage = memoryStorage()
    const small = await world({ storage, mode: { pilot: 0.1 }, guardrails: { email: { perHour: 500, perDomainHour: 500 } } })
    const large = gatewayOn(small, storage, {
      mode: { pilot: 0.25 },
      guardrails: { email: { perHour: 500, perDomainHour: 500 } },
    })
    const live = { small: [] as string[], large: [] as string[] }
    for (let n = 0; n < 40; n++) {
      const contactId = small.fake.addContact({ timezone: 'America/New_York', email: `p${n}@pilot.example` }).id
      const tag = { type: 'add_tag', contactId, tags: ['x'] } as const
      const outreach = small.gateway.agent('outreach').with({ grounding: evidence(contactId, small.clock) })
      const outcomes = [await outreach.execute(mail(contactId)), await outreach.execute({ ...tag, tags: ['x'] })]
      expect(new Set(outcomes.map(({ status }) => status)).size).toBe(1)
      if (outcomes[0]?.status === 'executed') live.small.push(contactId)
      const wide = await large.gateway.agent('outreach').execute({ ...tag, tags: ['y'] })
      if (wide.status === 'executed') live.large.push(contactId)
      small.clock.advance(10_000)
    }
    expect(live.large).toEqual(expect.arrayContaining(live.small))
    expect(live.small.length).toBeGreaterThan(0)
    expect(live.large.length).toBeLessThan(30)
  })

  test('a bulk action is live only when every contact in it is', async () => {
    const { outreach, ann, fake } = await world({ mode: { pilot: 0.5 } })
    const contacts = Array.from({ length: 30 }, () => fake.addContact().id)
    const bulk = { type: 'bulk_update_contacts', contactIds: [ann.id, ...contacts], tags: ['a'], mode: 'add' as const } as const
    expect(await outreach.execute({ ...bulk, contactIds: [ann.id, ...contacts], tags: ['a'] })).toMatchObject({
      status: 'shadowed',
    })
  })
})
