import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryStorage } from '../../src/storage/memory.js'
import { createFakeGhl, fakeClock } from '../../src/testing/index.js'
import { brokenStorage } from './broken-storage.js'
import { gatewayOn } from './second-gateway.js'
import { hearing, listen } from './webhook-route.js'
import { codesOf, evidence, mail, world } from './world.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const WIDE = { perHour: 1000, perDay: 1000, perDomainHour: 1000, minDelayMs: 0 }
const text = (contactId: string) =>
  ({ type: 'send_sms', contactId, message: 'Hello, Sam from Example Agency here. Reply STOP to opt out' }) as const
const causes = (list: readonly { readonly causes: readonly { readonly cause: string }[] }[]) =>
  list.flatMap((each) => each.causes.map(({ cause }) => cause))

test('a hard bounce suppresses the mailbox and counts against the domain that sent it', async () => {
  const { fake, gateway, outreach, ann, results } = await hearing()
  fake.deliver(() => 'failed')
  await outreach.execute(mail(ann.id))
  await fake.tick()
  expect(results.map(({ reason }) => reason)).toContain('bounced')
  expect(causes(await gateway.suppressions.find({ channel: 'email', address: 'ANN@acme.example' }))).toEqual(['hard_bounce'])
  expect((await gateway.health.of('agency.example.com')).counters).toMatchObject({ totalSent: 1, bounces: 1 })
  expect(codesOf(await outreach.execute(mail(ann.id, { subject: 'Again' })))).toContain('recipient.suppressed')
})

test('a full mailbox and a refusal for reputation suppress nobody; the second counts against the domain', async () => {
  const { fake, gateway, outreach, ann } = await hearing()
  fake.deliver(() => ({ status: 'failed', severity: 'temporary' }))
  await outreach.execute(mail(ann.id))
  await fake.tick()
  fake.deliver(() => ({ status: 'failed', error: '550 5.7.1 blocked for poor reputation' }))
  await outreach.execute(mail(ann.id, { subject: 'Second' }))
  await fake.tick()
  expect(await gateway.suppressions.has({ channel: 'email', address: 'ann@acme.example' })).toBe(false)
  expect((await gateway.health.of('agency.example.com')).counters.bounces).toBe(1)
})

test('a complaint and an unsubscribe suppress; a person may be on the list for both', async () => {
  const { fake, gateway, outreach, ann } = await hearing()
  fake.deliver(() => ({ status: 'delivered', reader: ['opened', 'complained', 'unsubscribed'] }))
  await outreach.execute(mail(ann.id))
  await fake.tick()
  expect(causes(await gateway.suppressions.find({ channel: 'email', address: 'ann@acme.example' }))).toEqual([
    'complaint',
    'unsubscribed',
  ])
  expect((await gateway.health.of('agency.example.com')).counters).toMatchObject({ complaints: 1, unsubscribes: 1, opens: 1 })
})

test("where the domain's health cannot be read, who complained is suppressed all the same, and the fault is told", async () => {
  const storage = memoryStorage()
  const { fake, gateway, outreach, ann } = await hearing({ storage })
  const faults: unknown[] = []
  gateway.on('fault', (fault) => faults.push(fault))
  fake.deliver(() => ({ status: 'delivered', reader: ['complained'] }))
  await outreach.execute(mail(ann.id))
  await storage.commit([[{ op: 'put', key: 'health/example.com', value: null }]])
  await fake.tick()
  expect(await gateway.suppressions.has({ channel: 'email', address: 'ann@acme.example' })).toBe(true)
  expect(faults).toMatchObject([{ code: 'corrupt' }])
})

test.each(['STOP', 'please take me off your list', 'stpo', 'no me escribas más'])(
  'a text saying "%s" stops texts at once, and nothing else',
  async (words) => {
    const { fake, gateway, outreach, ann, results } = await hearing()
    fake.reply(ann.id, words)
    await fake.tick()
    // Whatever GHL itself made of the words.
    const contact = fake.state.contacts[0]
    if (contact) contact.dndSettings = {}
    expect(results[0]).toEqual({ status: 'handled', reason: 'inbound', httpStatus: 200 })
    expect(codesOf(await outreach.execute(text(ann.id)))).toContain('recipient.suppressed')
    expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
    expect(causes(await gateway.suppressions.find({ contactId: ann.id, channel: 'sms' }))).toContain('stopped')
  },
)

test('START lifts what STOP by text put there, and no other cause', async () => {
  const { fake, gateway, outreach, ann, clock } = await hearing()
  const onList = () => gateway.suppressions.find({ contactId: ann.id, channel: 'sms' })
  fake.reply(ann.id, 'STOP')
  await fake.tick()
  clock.advance(1000)
  fake.reply(ann.id, 'START')
  await fake.tick()
  expect(await onList()).toEqual([])
  expect(await outreach.execute(text(ann.id))).toMatchObject({ status: 'executed' })

  await gateway.suppressions.add({ contactId: ann.id, channel: 'sms' }, { cause: 'do_not_contact' })
  clock.advance(1000)
  fake.reply(ann.id, 'STOP')
  await fake.tick()
  clock.advance(1000)
  fake.reply(ann.id, 'START')
  await fake.tick()
  expect(causes(await onList())).toEqual(['do_not_contact'])
})

test('START says nothing about e-mail, and START by e-mail nothing at all', async () => {
  const { fake, gateway, ann, clock } = await hearing()
  fake.reply(ann.id, 'Please take me off your list', 'Email')
  await fake.tick()
  clock.advance(1000)
  fake.reply(ann.id, 'START')
  fake.reply(ann.id, 'START', 'Email')
  await fake.tick()
  expect(causes(await gateway.suppressions.find({ contactId: ann.id, channel: 'email' }))).toEqual(['unsubscribed'])
})

const inbound = (contactId: string, body: string, at: number, n: number) => ({
  type: 'InboundMessage',
  contactId,
  messageType: 'SMS',
  direction: 'inbound',
  body,
  messageId: `m${n}`,
  from: '+12125550123',
  dateAdded: new Date(at).toISOString(),
})

test('events out of order end where they would have ended in order', async () => {
  const { fake, gateway, ann, clock } = await hearing()
  const now = clock.now()
  const stopped = () => gateway.suppressions.has({ channel: 'sms', address: '+12125550123' })
  await fake.emit(inbound(ann.id, 'START', now - 10_000, 1))
  await fake.emit(inbound(ann.id, 'STOP', now - 20_000, 2)) // older, arrives later
  expect(await stopped()).toBe(false)
  await fake.emit(inbound(ann.id, 'STOP', now - 5_000, 3))
  await fake.emit(inbound(ann.id, 'START', now - 8_000, 4))
  expect(await stopped()).toBe(true)
  await fake.emit(inbound(ann.id, 'STOP', now - 2_000, 5))
  await fake.emit(inbound(ann.id, 'START', now - 2_000, 6)) // at the same moment: STOP holds
  expect(await stopped()).toBe(true)
  await fake.emit(inbound(ann.id, 'START', now - 1_000, 7))
  expect(await stopped()).toBe(false)
})

test('out of order by e-mail and in do-not-disturb: the later word holds, and START by e-mail outdates nothing', async () => {
  const { fake, gateway, ann, clock } = await hearing()
  const now = clock.now()
  await fake.emit({ ...inbound(ann.id, 'START', now - 1_000, 1), messageType: 'Email' })
  await fake.emit({ ...inbound(ann.id, 'unsubscribe', now - 2_000, 2), messageType: 'Email' })
  expect(await gateway.suppressions.has({ contactId: ann.id, channel: 'email' })).toBe(true)

  const dnd = (status: string) => ({ type: 'ContactDndUpdate', id: ann.id, dndSettings: { SMS: { status } } })
  await fake.emit(dnd('active'))
  await fake.emit(dnd('inactive'), 'late') // ten minutes older
  expect(await gateway.suppressions.has({ contactId: ann.id, channel: 'sms' })).toBe(true)
})

test('told to two gateways on one storage at the same moment, it counts once', async () => {
  const storage = memoryStorage()
  const made = await world({ storage }, (fake) => ({ webhooks: { publicKey: fake.webhooks.publicKey } }))
  const second = gatewayOn(made, storage, { webhooks: { publicKey: made.fake.webhooks.publicKey } }).gateway
  await Promise.all([made.gateway.open(), second.open()])
  const statuses: string[] = []
  made.fake.webhooks.subscribe(async ({ rawBody, headers }) => {
    const both = await Promise.all([made.gateway, second].map(({ webhooks }) => webhooks.handle(rawBody, headers)))
    statuses.push(...both.map(({ status }) => status).sort())
  })
  await made.fake.emit(mailEvent('flow1', 'delivered'))
  expect(statuses).toEqual(['duplicate', 'handled'])
  expect((await made.gateway.health.of('agency.example.com')).counters.totalSent).toBe(1)
})

test('in whatever order STOP and START arrive, what was said last holds', async () => {
  const { fake, gateway, clock } = await hearing()
  const now = clock.now()
  let runs = 0
  const said = fc.array(fc.record({ word: fc.constantFrom('STOP', 'START'), at: fc.integer({ min: 0, max: 5 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  await fc.assert(
    fc.asyncProperty(said, async (events) => {
      const contactId = `contact_p${++runs}`
      for (const [n, { word, at }] of events.entries())
        await fake.emit({ ...inbound(contactId, word, now - 10_000 + at, runs * 100 + n), from: `+1212555${1000 + runs}` })
      const last = Math.max(...events.map(({ at }) => at))
      // Both at the same moment: the wish to be left alone holds.
      const stopped = events.some(({ word, at }) => at === last && word === 'STOP')
      expect(await gateway.suppressions.has({ contactId, channel: 'sms' })).toBe(stopped)
    }),
    { numRuns: 60 },
  )
})

test('the number that said STOP takes no texts, whichever contact has it', async () => {
  const { fake, gateway, clock, ann } = await hearing()
  const other = fake.addContact({ phone: '+12125550199', email: 'bob@acme.example', timezone: 'America/New_York' })
  await fake.emit({ ...inbound(ann.id, 'STOP', clock.now(), 1), from: '+1 (212) 555-0199' })
  const bob = gateway.agent('outreach').with({ grounding: evidence(other.id, clock) })
  expect(codesOf(await bob.execute(text(other.id)))).toContain('recipient.suppressed')
})

test('the same event twice, and replayed much later, counts once', async () => {
  const { fake, gateway, outreach, ann, results, clock, url } = await hearing()
  fake.webhooks.mode = 'duplicate'
  fake.deliver(() => ({ status: 'delivered', reader: ['complained'] }))
  await outreach.execute(mail(ann.id))
  const seen: { rawBody: string; headers: Record<string, string> }[] = []
  fake.webhooks.subscribe(({ rawBody, headers }) => seen.push({ rawBody, headers: { ...headers } }), ['LCEmailStats'])
  await fake.tick()
  expect(results.filter(({ status }) => status === 'duplicate').length).toBeGreaterThan(0)
  const complaint = seen.find(({ rawBody }) => rawBody.includes('complained'))
  clock.advance(29 * DAY)
  const again = await fetch(url, { method: 'POST', body: complaint?.rawBody ?? '', headers: complaint?.headers ?? {} })
  expect([again.status, results.at(-1)?.status]).toEqual([200, 'duplicate'])
  clock.advance(2 * DAY)
  const late = await fetch(url, { method: 'POST', body: complaint?.rawBody ?? '', headers: complaint?.headers ?? {} })
  expect([late.status, results.at(-1)]).toEqual([400, { status: 'rejected', reason: 'too_old', httpStatus: 400 }])
  const records = []
  for await (const record of gateway.audit.records()) if (record.action === 'feedback.complained') records.push(record)
  expect(records).toHaveLength(1)
  expect(JSON.stringify(records)).not.toContain('ann@acme.example')
})

test('an event that comes late still counts', async () => {
  const { fake, gateway, ann, clock } = await hearing()
  await fake.emit(inbound(ann.id, 'STOP', clock.now() - 2 * DAY, 1), 'late')
  expect(await gateway.suppressions.has({ contactId: ann.id, channel: 'sms' })).toBe(true)
})

test.each([
  ['unsigned', 'unsigned'],
  ['not_available', 'unsigned'],
  ['wrong_key', 'bad_signature'],
] as const)('a forged event changes nothing: %s', async (mode, reason) => {
  const { fake, gateway, ann, results, clock } = await hearing()
  await fake.emit(inbound(ann.id, 'STOP', clock.now(), 1), mode)
  expect(results).toEqual([{ status: 'rejected', reason, httpStatus: 401 }])
  expect(await gateway.suppressions.has({ contactId: ann.id, channel: 'sms' })).toBe(false)
})

test('one byte more, one byte less, another signature, two signatures, the old header alone: refused', async () => {
  const { fake, gateway, ann, clock } = await hearing()
  let genuine = { rawBody: '', headers: {} as Record<string, string> }
  fake.webhooks.subscribe(({ rawBody, headers }) => {
    genuine = { rawBody, headers: { ...headers } }
  })
  await fake.emit(inbound(ann.id, 'hello', clock.now(), 1))
  const { rawBody, headers } = genuine
  const signature = headers['x-ghl-signature'] ?? ''
  const reasonOf = async (body: string | Uint8Array, given: Parameters<typeof gateway.webhooks.handle>[1]) =>
    (await gateway.webhooks.handle(body, given)).reason
  expect(await reasonOf(rawBody, new Headers(headers))).toBe('told_before')
  expect(await reasonOf(rawBody, { 'X-GHL-Signature': signature })).toBe('told_before')
  expect(await reasonOf(`${rawBody} `, headers)).toBe('bad_signature')
  expect(await reasonOf(rawBody.slice(0, -1), headers)).toBe('bad_signature')
  expect(await reasonOf(rawBody.replace('hello', 'STOP!'), headers)).toBe('bad_signature')
  expect(await reasonOf(rawBody, { 'x-ghl-signature': signature.slice(0, -8) })).toBe('bad_signature')
  expect(await reasonOf(rawBody, { 'x-ghl-signature': [signature, signature] })).toBe('unsigned')
  expect(await reasonOf(rawBody, { 'x-wh-signature': signature })).toBe('legacy_signature')
  expect(await reasonOf(JSON.parse(rawBody), headers)).toBe('not_raw')
  expect(await reasonOf(rawBody, { get: () => 7 as unknown as string })).toBe('unreadable')
  expect(await reasonOf(rawBody, null as unknown as Headers)).toBe('unsigned')
  expect(await reasonOf('x'.repeat(1_000_001), headers)).toBe('too_large')
  expect(await reasonOf(new Uint8Array(1_000_001), headers)).toBe('too_large')
})

test('a signed body that is no event, or nothing about messages, is told apart and never throws', async () => {
  const { fake, results } = await hearing()
  await fake.emit({ type: 'ContactTagUpdate', id: 'x' })
  await fake.emit({ type: 'LCEmailStats' })
  await fake.emit({ type: 'LCEmailStats', webhookPayload: { event: '__proto__' } })
  await fake.emit({ type: 'InboundMessage', contactId: { a: 1 }, body: 7 })
  expect(results.map(({ reason }) => reason)).toEqual(['nothing_to_do', 'nothing_to_do', 'nothing_to_do', 'nothing_to_do'])
})

test('an event from the future is refused: five minutes are left for clocks that differ', async () => {
  const behind = await hearing({ clock: fakeClock('2026-01-14T14:54:59Z') })
  await behind.fake.emit(inbound(behind.ann.id, 'STOP', behind.clock.now(), 1))
  expect(behind.results).toEqual([{ status: 'rejected', reason: 'from_the_future', httpStatus: 400 }])
  const near = await hearing({ clock: fakeClock('2026-01-14T14:55:00Z') })
  await near.fake.emit(inbound(near.ann.id, 'STOP', near.clock.now(), 1))
  expect(near.results[0]?.status).toBe('handled')
})

test('without a key nothing is accepted; a key that is none is a configuration error', async () => {
  const { fake, gateway } = await world()
  const { url, results } = await listen(gateway)
  fake.webhooks.subscribe(url)
  await fake.emit({ type: 'InboundMessage' })
  expect(results).toEqual([{ status: 'rejected', reason: 'not_configured', httpStatus: 503 }])
  await expect(world({ webhooks: { publicKey: 'MCowBQYDK2VwAyEA' } })).rejects.toThrow(/webhooks\.publicKey/)
})

test('while the key is being replaced, both are good', async () => {
  const old = await createFakeGhl()
  const { fake, results } = await hearing({}, old.webhooks.publicKey)
  await fake.emit({ type: 'ContactTagUpdate' })
  expect(results[0]?.status).toBe('ignored')
  await old.close()
})

test('a storage that does not answer: GHL is told to come again, and then it counts', async () => {
  const storage = brokenStorage(memoryStorage())
  const { fake, gateway, ann, results, clock } = await hearing({ storage })
  await gateway.open()
  storage.break('commit', 1, 'fails', 'from')
  await fake.emit(inbound(ann.id, 'STOP', clock.now(), 1))
  expect(results).toEqual([{ status: 'rejected', reason: 'storage_unavailable', httpStatus: 429 }])
  storage.heal()
  clock.advance(10 * 60_000)
  await fake.tick()
  expect(results.at(-1)).toMatchObject({ status: 'handled' })
  expect(await gateway.suppressions.has({ contactId: ann.id, channel: 'sms' })).toBe(true)
})

test('do-not-disturb set in GHL stops a host that looks contacts up elsewhere, until it is lifted in GHL', async () => {
  const known = {
    id: '',
    emails: ['ann@acme.example'],
    phones: ['+12125550123'],
    dndAll: false,
    dnd: [],
    timeZone: 'America/New_York',
  }
  const { fake, outreach, ann, clock } = await hearing({ resolveContact: async (id) => ({ ...known, id }) })
  await fake.emit({ type: 'ContactDndUpdate', id: ann.id, dnd: false, dndSettings: { SMS: { status: 'active' } } })
  expect(codesOf(await outreach.execute(text(ann.id)))).toEqual(['recipient.suppressed'])
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  clock.advance(1000)
  await fake.emit({ type: 'ContactDndUpdate', id: ann.id }) // says nothing, lifts nothing
  expect(codesOf(await outreach.execute(text(ann.id)))).toEqual(['recipient.suppressed'])
  await fake.emit({ type: 'ContactDndUpdate', id: ann.id, dnd: false, dndSettings: { SMS: { status: 'inactive' } } })
  expect(await outreach.execute(text(ann.id))).toMatchObject({ status: 'executed' })
  clock.advance(1000)
  await fake.emit({ type: 'ContactDndUpdate', id: ann.id, dnd: true })
  expect(codesOf(await outreach.execute(mail(ann.id, { subject: 'Once more' })))).toEqual(['recipient.suppressed'])
})

test('a message on WhatsApp opens its window for 24 hours', async () => {
  const { gateway, ann, fake, clock } = await hearing({
    guardrails: { hours: { sms: 'always' } },
    agents: { outreach: 'GHL_MASTER', chatter: 'CHAT' },
    roles: { CHAT: { permissions: ['send_message'], platforms: ['GoHighLevel'] } },
  })
  const chatter = gateway.agent('chatter')
  const chat = () =>
    chatter.with({ grounding: evidence(ann.id, clock) }).execute({
      type: 'ghl_request',
      method: 'POST',
      path: '/conversations/messages',
      body: { type: 'WhatsApp', contactId: ann.id, message: 'Are you still on for Tuesday?' },
    })
  expect(codesOf(await chat())).toEqual(['recipient.whatsapp_window'])
  fake.reply(ann.id, 'Hello', 'WhatsApp')
  await fake.tick()
  expect(await chat()).toMatchObject({ status: 'executed' })
  clock.advance(24 * HOUR + 1)
  expect(codesOf(await chat())).toEqual(['recipient.whatsapp_window'])
})

test('mails that workflows send from the domain count as sent, so that its rates are its own', async () => {
  const { fake, gateway, outreach, ann } = await hearing()
  await outreach.execute(mail(ann.id))
  for (let n = 0; n < 99; n++) await fake.emit(mailEvent(`flow${n}`, 'delivered'))
  await fake.emit(mailEvent('flow99', 'failed'))
  expect((await gateway.health.of('agency.example.com')).counters).toMatchObject({ totalSent: 101, bounces: 1 })
})

function mailEvent(id: string, event: string) {
  return {
    type: 'LCEmailStats',
    webhookPayload: {
      event,
      severity: 'permanent',
      recipient: `${id}@else.example`,
      message: { headers: { from: 'Sam <sam@Agency.example.com>' } },
      'lc-operations': { email_message_id: id },
    },
  }
}

test('a mail of ours that arrives is no second mail', async () => {
  const { fake, gateway, outreach, ann } = await hearing()
  await outreach.execute(mail(ann.id, { from: 'sam@agency.example.com' }))
  await fake.tick()
  expect((await gateway.health.of('agency.example.com')).counters.totalSent).toBe(1)
})

test('bounces that webhooks tell of stop the domain at 5 %', async () => {
  const { fake, gateway, outreach, ann } = await hearing({ guardrails: { email: WIDE } })
  let n = 0
  fake.deliver(() => (++n > 15 ? { status: 'failed', error: '550 5.7.1 blocked' } : 'delivered'))
  for (let sent = 0; sent < 20; sent++) await outreach.execute(mail(ann.id, { subject: `Note ${sent}` }))
  await fake.tick()
  expect(await gateway.health.of('agency.example.com')).toMatchObject({ healthy: false, counters: { totalSent: 20, bounces: 5 } })
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['domain.cooling'])
})

test('the host hears of every event once, with what the words ask for', async () => {
  const { fake, gateway, ann } = await hearing()
  const heard: unknown[] = []
  gateway.on('feedback', ({ kind, wish, contactId }) => heard.push([kind, wish, contactId]))
  fake.webhooks.mode = 'duplicate'
  fake.reply(ann.id, 'HELP')
  fake.reply(ann.id, 'Tuesday works')
  await fake.tick()
  expect(heard).toEqual([
    ['inbound', 'help', ann.id],
    ['inbound', undefined, ann.id],
  ])
})
