import { expect, test } from 'vitest'
import { memoryStorage } from '../../src/storage/memory.js'
import { brokenStorage } from './broken-storage.js'
import { codesOf, mail, world } from './world.js'

/* Sections C and D of the defects of the replaced system; the table of all is in defects-a.test.ts. */

test('defect 17: no secret and no text of a message is in an outcome, an error or the audit', async () => {
  const storage = memoryStorage()
  const { gateway, outreach, ann, fake } = await world({ storage })
  const outcomes = [await outreach.execute(mail(ann.id))]
  fake.fail({ match: { method: 'POST' }, status: 401, body: { message: `Invalid JWT ${fake.accessToken} for ann@acme.example` } })
  outcomes.push(await outreach.execute(mail(ann.id)))
  await gateway.audit.seal()
  const audit = JSON.stringify(await storage.scan('audit', { limit: 100 }))
  for (const text of [JSON.stringify(outcomes.map((outcome) => ({ ...outcome, cause: undefined }))), audit])
    expect(text).not.toContain(fake.accessToken)
})

test('defect 30: a denial at the gateway is a violation in the audit', async () => {
  const { gateway, ann } = await world()
  await gateway.agent('scout').execute(mail(ann.id))
  await gateway.agent('scout').execute({ type: 'delete_contact', contactId: ann.id })
  const violations: unknown[] = []
  for await (const { agent, codes } of gateway.audit.records({ violations: true })) violations.push([agent, codes?.[0]])
  expect(violations).toEqual([
    ['scout', 'permission.denied'],
    ['scout', 'permission.denied'],
  ])
})

test('defect 37: a record of the audit that was changed in storage is noticed', async () => {
  const storage = memoryStorage()
  const { gateway, outreach, ann } = await world({ storage })
  await outreach.execute(mail(ann.id))
  expect(await gateway.audit.verify()).toMatchObject({ ok: true })
  const [entry] = await storage.scan('audit/', { limit: 1 })
  const forged = JSON.parse(JSON.stringify(entry?.value).replace(/executed/g, 'rejected'))
  await storage.commit([[{ op: 'put', key: entry?.key ?? '', value: forged }]])
  expect(await gateway.audit.verify()).toMatchObject({ ok: false })
})

test('defect 37: a cut-off end is noticed, with a checkpoint also when the stored head was cut too', async () => {
  const storage = memoryStorage()
  const { gateway, outreach, ann } = await world({ storage })
  await outreach.execute(mail(ann.id))
  await gateway.audit.seal()
  await outreach.execute(mail(ann.id))
  const checkpoint = await gateway.audit.checkpoint()
  const segments = await storage.scan('audit/', { limit: 10 })
  await storage.commit([[{ op: 'del', key: segments.at(-1)?.key ?? '' }]])
  expect(await gateway.audit.verify()).toMatchObject({ ok: false })
  await storage.commit([[{ op: 'del', key: 'audit-head' }]])
  expect(await gateway.audit.verify({ checkpoint })).toMatchObject({ ok: false })
})

test('defect 38: the audit holds no name, address, number or text of a person', async () => {
  const storage = memoryStorage()
  const { gateway, outreach, ann, fake } = await world({ storage })
  await outreach.with({ campaign: 'spring' }).execute(mail(ann.id, { cc: ['boss@acme.example'] }))
  await outreach.execute({ type: 'update_contact', contactId: ann.id, contact: { lastName: 'Smithers' } })
  fake.fail({ match: { method: 'POST' }, status: 422, body: { message: 'bad number +1 212 555 0123 of ann@acme.example' } })
  await outreach.execute(mail(ann.id))
  await gateway.audit.seal()
  const audit = JSON.stringify(await storage.scan('audit/', { limit: 100 }))
  for (const personal of ['ann@acme', 'boss@acme', '555 0123', 'Smithers', 'second warehouse', ann.id])
    expect(audit).not.toContain(personal)
  expect(audit).toContain('spring')
})

test('defect 39: what cannot be audited does not happen', async () => {
  const storage = brokenStorage()
  const { gateway, outreach, ann, fake } = await world({ storage })
  await gateway.open()
  storage.break('commit', 1, 'fails', 'from')
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['storage.unavailable'])
  expect(fake.received({ method: 'POST' })).toHaveLength(0)
})

test('defect 40: one part of a message does not excuse the other: the way out has to be in what is read', async () => {
  const { outreach, ann } = await world()
  const html = '<p>Hi Ann, shall we talk about the second warehouse next week?</p><!-- unsubscribe -->'
  expect(codesOf(await outreach.execute(mail(ann.id, { html })))).toContain('compliance.opt_out_missing')
})

test('defects 42 and 44: the hundredth action asks for as much as the first, and a success writes no breaker', async () => {
  const storage = brokenStorage()
  const inner = storage.commit
  const made = await world({
    storage,
    mode: 'shadow',
    guardrails: { email: { perHour: 1e6, perDomainHour: 1e6, perDay: 1e6 }, ghl: { per10s: 1e6 } },
  })
  Object.assign(made.fake.limits, { burst: 1e6 })
  const written: string[] = []
  storage.commit = (batches) => {
    for (const op of batches.flat()) if (op.op !== 'check') written.push(op.key)
    return inner(batches)
  }
  const cost = async () => {
    const before = { ...storage.counts }
    const sizes = written.length
    await made.outreach.execute(mail(made.ann.id))
    return [storage.counts.commit - before.commit, storage.counts.read - before.read, written.length - sizes]
  }
  await made.outreach.execute(mail(made.ann.id))
  const early = await cost()
  for (let n = 0; n < 100; n++) await made.outreach.execute(mail(made.ann.id))
  await made.gateway.audit.seal()
  expect(await cost()).toEqual(early)
  expect(written.filter((key) => key.startsWith('breaker/'))).toEqual([])
})

test('defect 45: the environment is not read: nothing in it stops, starts or changes anything', async () => {
  const { outreach, ann } = await world()
  const names = ['EMERGENCY_STOP', 'SHADOW_MODE', 'SENDWARDEN_MODE', 'NODE_ENV']
  const before = names.map((name) => process.env[name])
  for (const name of names) process.env[name] = 'true'
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  for (const [index, name] of names.entries()) {
    if (before[index] === undefined) delete process.env[name]
    else process.env[name] = before[index]
  }
})
