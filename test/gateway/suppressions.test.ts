import { expect, test } from 'vitest'
import type { Suppression, SuppressionTarget } from '../../src/gateway/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, evidence, mail, world } from './world.js'

async function all(list: AsyncIterable<Suppression>): Promise<Suppression[]> {
  const found: Suppression[] = []
  for await (const each of list) found.push(each)
  return found
}

test('a suppressed domain stops every address at it, subdomains too', async () => {
  const { gateway, outreach, ann } = await world()
  await gateway.suppressions.add({ domain: 'ACME.example' }, { cause: 'do_not_contact' })
  expect(codesOf(await outreach.execute(mail(ann.id)))).toContain('recipient.suppressed')
  expect(await gateway.suppressions.has({ channel: 'email', address: 'bob@mail.acme.example' })).toBe(true)
  expect(await gateway.suppressions.has({ domain: 'other.example' })).toBe(false)
})

test('several causes stand beside each other; removing takes the person off the list whole', async () => {
  const { gateway } = await world()
  const ann = { channel: 'email', address: 'Ann+news@acme.example' } as const
  await gateway.suppressions.add(ann, { cause: 'hard_bounce', by: 'maria' })
  await gateway.suppressions.add(ann, { cause: 'complaint' })
  await gateway.suppressions.add(ann, { cause: 'complaint' })
  expect(await gateway.suppressions.find(ann)).toMatchObject([
    { key: 'ann@acme.example', causes: [{ cause: 'hard_bounce', by: 'maria' }, { cause: 'complaint' }] },
  ])
  await gateway.suppressions.remove(ann, { by: 'maria', note: 'new mailbox' })
  expect(await gateway.suppressions.has(ann)).toBe(false)
})

test('what a contact said on one channel holds there; removing the contact removes all of it', async () => {
  const { gateway, outreach, ann } = await world()
  await gateway.suppressions.add({ contactId: ann.id, channel: 'rcs' }, { cause: 'stopped' })
  expect(await gateway.suppressions.has({ contactId: ann.id, channel: 'sms' })).toBe(true)
  expect(await gateway.suppressions.has({ contactId: ann.id, channel: 'email' })).toBe(false)
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  await gateway.suppressions.remove({ contactId: ann.id }, { by: 'maria', note: 'on her word' })
  expect(await gateway.suppressions.has({ contactId: ann.id, channel: 'sms' })).toBe(false)
})

test('a contact that stopped texts is put in no workflow: what that sends cannot be read', async () => {
  const { gateway, outreach, ann } = await world()
  await gateway.suppressions.add({ contactId: ann.id, channel: 'sms' }, { cause: 'stopped' })
  expect(codesOf(await outreach.execute({ type: 'trigger_workflow', contactId: ann.id, workflowId: 'w1' }))).toContain(
    'recipient.suppressed',
  )
})

test('a workflow for somebody in Canada waits for a human as long as nobody knows of a consent', async () => {
  const { gateway, fake, clock } = await world()
  const who = { email: 'kim@maple.example', country: 'CA', timezone: 'America/Toronto', firstName: 'Kim' }
  const { id } = fake.addContact(who)
  const { id: workflowId } = fake.addWorkflow({})
  const outreach = gateway.agent('outreach').with({ grounding: evidence(id, clock) })
  const start = { type: 'trigger_workflow', contactId: id, workflowId } as const
  const held = await outreach.execute(start)
  expect(held).toMatchObject({ status: 'pending_approval', reasons: [{ code: 'recipient.consent', rule: 'law.casl-consent' }] })
  const consent = { contactId: id, channel: 'email', status: 'given', at: clock.now() - 1000, record: 'form 12' } as const
  expect(await outreach.with({ consent }).execute(start)).toMatchObject({ status: 'executed' })
})

test('an import takes in thousands, says which rows are wrong, and changes nothing the second time', async () => {
  const { gateway } = await world()
  const rows = [
    ...Array.from(
      { length: 1200 },
      (_, n) => ({ channel: 'email', address: `p${n}@x${n % 7}.example`, cause: 'unsubscribed' }) as const,
    ),
    { channel: 'email', address: 'P1@x1.example', cause: 'complaint' } as const,
    { domain: 'rival.example', cause: 'do_not_contact' } as const,
    { channel: 'email', address: 'nobody', cause: 'unsubscribed' } as const,
    { channel: 'sms', address: '+12125550123', cause: 'bored' as 'stopped' } as const,
  ]
  const result = await gateway.suppressions.import(rows)
  expect(result).toMatchObject({ added: 1202, known: 0, rejected: [{ index: 1202 }, { index: 1203 }] })
  expect(await gateway.suppressions.import(rows)).toMatchObject({ added: 0, known: 1202 })
  expect(await all(gateway.suppressions.list())).toHaveLength(1201)
  expect(await all(gateway.suppressions.list({ cause: 'complaint' }))).toMatchObject([{ key: 'p1@x1.example' }])
})

test('what one gateway exports another imports, whatever its keys', async () => {
  const first = await world()
  const { suppressions } = first.gateway
  await suppressions.add({ contactId: 'C1', channel: 'sms' }, { cause: 'stopped' })
  await suppressions.add({ contactId: 'C2' }, { cause: 'do_not_contact' })
  await suppressions.add({ channel: 'sms', address: '(212) 555-0123' }, { cause: 'do_not_contact' })
  await suppressions.add({ channel: 'email', address: 'jörg@bücher.example' }, { cause: 'unsubscribed' })
  await suppressions.add({ domain: 'rival.example' }, { cause: 'do_not_contact' })
  const exported = await all(suppressions.list())
  const second = await world()
  expect(await second.gateway.suppressions.import(exported)).toMatchObject({ added: 5, rejected: [] })
  const keysOf = (list: readonly Suppression[]) => list.map(({ key }) => key).sort()
  expect(keysOf(await all(second.gateway.suppressions.list()))).toEqual(keysOf(exported))
  expect(await second.gateway.suppressions.has({ channel: 'email', address: 'Jörg@xn--bcher-kva.example' })).toBe(true)
})

test('two operators who add at the same time lose nothing', async () => {
  const storage = memoryStorage()
  const first = await world({ storage })
  const second = gatewayOn(first, storage)
  const ann = { channel: 'email', address: 'ann@acme.example' } as const
  await Promise.all([
    first.gateway.suppressions.add(ann, { cause: 'complaint' }),
    second.gateway.suppressions.add(ann, { cause: 'hard_bounce' }),
    first.gateway.suppressions.add(ann, { cause: 'unsubscribed' }),
  ])
  const [entry] = await first.gateway.suppressions.find(ann)
  expect(entry?.causes.map(({ cause }) => cause).sort()).toEqual(['complaint', 'hard_bounce', 'unsubscribed'])
})

test('nobody is suppressed by a target or a cause that is none', async () => {
  const { gateway } = await world()
  const add = (target: unknown, cause: unknown) =>
    gateway.suppressions.add(target as { domain: string }, { cause: cause as 'complaint' })
  await expect(add({}, 'complaint')).rejects.toThrow(TypeError)
  await expect(add({ contactId: 'c', channel: 'fax' }, 'complaint')).rejects.toThrow(TypeError)
  await expect(add({ domain: 'acme.example' }, 'bored')).rejects.toThrow(/no cause/)
})

test.each<[SuppressionTarget, string]>([
  [{ domain: 'https://www.acme.example/about?x=1' }, '@acme.example'],
  [{ domain: 'acme.example:443' }, '@acme.example'],
  [{ domain: 'acme.example/' }, '@acme.example'],
  [{ domain: ' @ACME.example. ' }, '@acme.example'],
  [{ domain: 'www.acme.example' }, '@acme.example'],
  [{ domain: 'www.co.uk' }, '@www.co.uk'],
  [{ domain: 'bücher.example' }, '@xn--bcher-kva.example'],
  [{ channel: 'email', address: 'mailto:Ann@acme.example' }, 'ann@acme.example'],
  [{ channel: 'email', address: ' Ann Lee <ann@acme.example> ' }, 'ann@acme.example'],
  [{ channel: 'sms', address: '(212) 555-0123' }, '+12125550123'],
  [{ channel: 'sms', address: '12125550123' }, '+12125550123'],
  [{ channel: 'sms', address: 'tel:+1-212-555-0123' }, '+12125550123'],
  [{ channel: 'whatsapp', address: '\u202a+49 151 1234–5678\u202c' }, '+4915112345678'],
  [{ channel: 'call', address: '0049 151 12345678' }, '+4915112345678'],
  [{ contactId: ' C1 ' }, 'contact:C1'],
])('%o is put on the list as %s, in whatever spelling, and found in the same', async (target, key) => {
  const { gateway } = await world()
  await gateway.suppressions.add(target, { cause: 'unsubscribed' })
  expect((await all(gateway.suppressions.list())).map((entry) => entry.key)).toEqual([key])
  expect(await gateway.suppressions.has(target)).toBe(true)
  await gateway.suppressions.remove(target, { by: 'maria', note: 'a mistake' })
  expect(await all(gateway.suppressions.list())).toEqual([])
})

test.each<[unknown, RegExp]>([
  [{ domain: '*.acme.example' }, /`domain` is "\*\.acme\.example"/],
  [{ domain: 'ann@acme.example' }, /`domain`/],
  [{ domain: 'acme.example, rival.example' }, /`domain`/],
  [{ domain: 'acme' }, /`domain`/],
  [{ domain: '10.0.0.1' }, /`domain`/],
  [{ domain: 5 }, /`domain` is 5, expected/],
  [{ channel: 'email', address: '"ann@acme.example"' }, /`address`/],
  [{ channel: 'email', address: 'mailto:ann%2Bnews@acme.example' }, /`address`/],
  [{ channel: 'email', address: 'ann@acme.example/' }, /`address`/],
  [{ channel: 'email', address: 'ann@acme.example, bob@acme.example' }, /`address`/],
  [{ channel: 'sms', address: '+1 212 555 0123 ext 4' }, /`address`.*country code/],
  [{ channel: 'sms', address: '011 1 212 555 0123' }, /`address`.*country code/],
  [{ channel: 'sms', address: '5550123' }, /`address`/],
  [{ channel: 'sms', address: '+1 212 555' }, /`address`/],
  [{ channel: 'sms', address: 12125550123 }, /`address` is 12125550123, expected/],
  [{ address: 'ann@acme.example' }, /`channel` is missing/],
  [{ channel: 'Email', address: 'ann@acme.example' }, /`channel` is "Email".*Did you mean "email"/],
  [{ contactId: 'C1', channel: 'e-mail' }, /`channel` is "e-mail"/],
  [{ contactId: 'C1/tags' }, /`contactId`/],
  [{ contactId: 5 }, /`contactId` is 5, expected/],
  [{ contactId: 'C1', channel: 'email', address: 'ann@acme.example' }, /one of/],
  [{ channel: 'email' }, /one of/],
  [null, /one of/],
])(
  '%o would stop nobody or the wrong one: it is refused and says which field, alone and in an import',
  async (target, message) => {
    const { gateway } = await world()
    const add = gateway.suppressions.add(target as SuppressionTarget, { cause: 'unsubscribed' })
    await expect(add).rejects.toThrow(message)
    await expect(add).rejects.toThrow(TypeError)
    const rows = [
      { ...(target as SuppressionTarget), cause: 'unsubscribed' } as const,
      { domain: 'rival.example', cause: 'complaint' } as const,
    ]
    const result = await gateway.suppressions.import(rows)
    expect(result).toMatchObject({ added: 1, rejected: [{ index: 0, message: expect.stringMatching(message) }] })
  },
)

test('a list that somebody wrote by hand is taken in where its keys are spelled as a list gives them out', async () => {
  const { gateway } = await world()
  const causes = [{ cause: 'unsubscribed', at: 0, by: 'x' }] as const
  const good = [
    'ann@acme.example',
    '@acme.example',
    '+12125550123',
    '+12125550123#sms',
    'contact:C1',
    'contact:C1#sms',
    'dnd:C1#sms',
  ]
  const bad = ['Ann@acme.example', '@acme.example/', '@https://acme.example', '2125550123', 'ann', '+12125550123#fax', 'contact:']
  const result = await gateway.suppressions.import([...good, ...bad].map((key) => ({ key, causes })))
  expect(result.added).toBe(good.length)
  expect(result.rejected.map(({ index }) => index)).toEqual(bad.map((_, index) => good.length + index))
})

test('no handle of an agent reaches the list, the webhooks or the health of a domain', async () => {
  const { outreach } = await world()
  const reachable = new Set<unknown>()
  const walk = (value: unknown): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || reachable.has(value)) return
    reachable.add(value)
    for (const key of Reflect.ownKeys(value)) walk(Reflect.get(value, key))
  }
  walk(outreach)
  for (const value of reachable) {
    const names = Reflect.ownKeys(value as object)
    for (const power of ['import', 'remove', 'catchUp', 'record']) expect(names).not.toContain(power)
  }
})

test('what an agent says of consent is recorded with its proof, and lifts neither suppression nor do-not-disturb', async () => {
  const { gateway, outreach, ann, fake, clock } = await world()
  const said = {
    consent: { contactId: ann.id, channel: 'email', status: 'given', basis: 'express', at: clock.now(), record: 'form 7' },
  } as const
  await outreach.with(said).execute(mail(ann.id))
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'do_not_contact' })
  expect(codesOf(await outreach.with(said).execute(mail(ann.id, { subject: 'Two' })))).toContain('recipient.suppressed')
  await gateway.suppressions.remove({ contactId: ann.id }, { by: 'maria', note: 'test' })
  const contact = fake.state.contacts[0]
  if (contact) contact.dnd = true
  expect(codesOf(await outreach.with(said).execute(mail(ann.id, { subject: 'Three' })))).toContain('recipient.dnd')
  const told = []
  for await (const { consent } of gateway.audit.records({ kind: 'intent' })) told.push(consent)
  expect(told).toEqual([{ channel: 'email', status: 'given', basis: 'express', at: clock.now(), record: 'form 7' }])
  expect(() => outreach.with({ consent: { ...said.consent, basis: 'friendship' as 'express' } })).toThrow(/basis/)
})

test('a mail into Canada waits for a human until consent is known', async () => {
  const { gateway, outreach, fake, clock } = await world()
  const { id } = fake.addContact({ email: 'bo@acme.example', country: 'CA', timezone: 'America/Toronto' })
  const agent = outreach.with({ grounding: { source: 'ghl', dataId: id, verifiedAt: clock.now() } })
  const asked = await agent.execute(mail(id))
  expect(asked).toMatchObject({ status: 'pending_approval', reasons: [{ rule: 'law.casl-consent' }] })
  const approvalId = asked.status === 'pending_approval' ? asked.approvalId : ''
  expect(await gateway.approvals.approve(approvalId, { by: 'maria' })).toMatchObject({ outcome: { status: 'executed' } })
  const consent = { contactId: id, channel: 'email', status: 'given', basis: 'inquiry', at: clock.now(), record: 'r1' } as const
  expect(await agent.with({ consent }).execute(mail(id, { subject: 'With consent' }))).toMatchObject({ status: 'executed' })
})
