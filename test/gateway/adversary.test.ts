import axios from 'axios'
import { expect, test } from 'vitest'
import { redact } from '../../src/audit/index.js'
import type { Action } from '../../src/core/action.js'
import type { ContactFacts } from '../../src/core/contact.js'
import { doorOf } from '../../src/gateway/agent.js'
import { parseGatewayConfig } from '../../src/gateway/config.js'
import { withGateway } from '../../src/gateway/doors/with-gateway.js'
import { createGateway } from '../../src/gateway/index.js'
import { createKnownState } from '../../src/gateway/known-state.js'
import { ghlHttp } from '../../src/http/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { contact, fakeClock } from '../../src/testing/index.js'
import { codesOf, evidence, HTML, MORNING, mail, world } from './world.js'

const send = (body: Record<string, unknown>): Action => ({
  type: 'ghl_request',
  method: 'POST',
  path: '/conversations/messages',
  body: { type: 'Email', subject: 'Your second warehouse', html: HTML, ...body },
})
const workflow = (contactId: string, more: object = {}): Action =>
  ({ type: 'ghl_request', method: 'POST', path: `/contacts/${contactId}/workflow/wf1`, ...more }) as Action

test('naming a second contact does not hide the first one from the guardrails', async () => {
  const { gateway, outreach, ann, fake } = await world()
  const bob = fake.addContact({ email: 'bob@b.example', timezone: 'America/New_York' })
  await gateway.suppressions.add({ channel: 'email', address: 'ann@acme.example' }, { cause: 'unsubscribed' })
  expect(codesOf(await outreach.execute(workflow(ann.id)))).toContain('recipient.suppressed')
  for (const more of [{ query: { contactId: bob.id } }, { body: { contactId: bob.id } }, { body: { contactIds: [bob.id] } }])
    expect(await outreach.execute(workflow(ann.id, more))).toMatchObject({ status: 'blocked' })
  expect(fake.received({ method: 'POST' })).toHaveLength(0)
})

test('a body that is changed while its contact is looked up leaves as it was judged, whatever its own methods say', async () => {
  const { outreach, ann, fake } = await world()
  const live = { type: 'Email', contactId: ann.id, subject: 'Your second warehouse', html: HTML, emailCc: ['boss@acme.example'] }
  const inner = Object.assign(new Date(), { toISOString: () => live })
  const outer = Object.assign(new Date(), { toISOString: () => inner })
  const copies = Object.assign(['boss@acme.example'], { map: () => live.emailCc })
  const given = [outer, { ...live, emailCc: copies }].map((body) =>
    outreach.execute({ type: 'ghl_request', method: 'POST', path: '/conversations/messages', body }),
  )
  Object.assign(live, { html: `${HTML} casino` })
  live.emailCc[0] = 'else@victim.example'
  await Promise.all(given)
  expect(JSON.stringify(fake.received({ method: 'POST' }))).not.toMatch(/casino|victim/)
})

test('an answer to everybody in a thread reaches people nobody has checked, so it is refused', async () => {
  const { outreach, ann, fake } = await world()
  const outcome = await outreach.execute(send({ contactId: ann.id, replyMessageId: 'm1', emailReplyMode: 'reply_all' }))
  expect(outcome).toMatchObject({ status: 'blocked' })
  expect(fake.sent).toHaveLength(0)
})

test('a text beside a template does not stand for the template', async () => {
  const { outreach, ann, fake } = await world()
  expect(await outreach.execute(send({ contactId: ann.id, templateId: 'tpl1' }))).toMatchObject({ status: 'pending_approval' })
  expect(await outreach.execute(send({ contactId: ann.id, forward: { isForwarded: true, messageId: 'm1' } }))).toMatchObject({
    status: 'pending_approval',
  })
  expect(fake.sent).toHaveLength(0)
})

test('an invisible character opens no second count and no second health record', async () => {
  const { outreach, ann, fake } = await world()
  for (const more of [{ cc: ['x@gma\u200bil.com'] }, { from: 'x@agency\u2060.example.com' }, { from: 'sales' }])
    expect(await outreach.execute(mail(ann.id, more))).toMatchObject({ status: 'blocked', stage: 'classify' })
  expect(fake.sent).toHaveLength(0)
})

test('a contact whose address is none is not written to', async () => {
  const { gateway, clock, fake } = await world({
    resolveContact: async (id) => ({
      id,
      emails: ['ann@acme.example,bob@b.example'],
      phones: [],
      dndAll: false,
      dnd: [],
      timeZone: 'America/New_York',
    }),
  })
  const outreach = gateway.agent('outreach').with({ grounding: evidence('c1', clock) })
  expect(codesOf(await outreach.execute(mail('c1')))).toContain('recipient.missing_address')
  expect(fake.sent).toHaveLength(0)
})

test.each([
  [{ dnd: ['Email', 'SMS'] }, 'dnd[0]'],
  [{ dnd: 'all' }, 'dnd'],
  [{ dndSettings: { Email: { status: 'active' } } }, 'dndSettings'],
  [{ timeZone: undefined, timezone: 'Asia/Tokyo' }, 'timezone'],
  [{ consent: { email: 'given' } }, 'consent.email'],
  [{ phones: undefined }, 'phones'],
])(
  'a contact of the host that cannot be read as it stands is not written to, and the member is named: %o',
  async (more, field) => {
    const resolveContact = async (id: string) => ({ ...contact({ id }), ...more }) as ContactFacts
    const { outreach, ann, fake } = await world({ resolveContact })
    const outcome = await outreach.execute(mail(ann.id))
    expect(outcome).toMatchObject({
      status: 'blocked',
      reasons: [{ code: 'recipient.unresolved', message: expect.stringContaining(`\`${field}\``) }],
    })
    expect(fake.sent).toHaveLength(0)
  },
)

test('facts about another contact than the one asked for are no facts', async () => {
  const { gateway, clock, fake } = await world({
    resolveContact: async () => ({
      id: 'somebody-else',
      emails: ['else@acme.example'],
      phones: [],
      dndAll: false,
      dnd: [],
      timeZone: 'America/New_York',
    }),
  })
  await gateway.suppressions.add({ contactId: 'somebody-else' }, { cause: 'do_not_contact' })
  const outreach = gateway.agent('outreach').with({ grounding: evidence('c1', clock) })
  expect(await outreach.execute(mail('c1'))).toMatchObject({ status: 'blocked' })
  expect(fake.sent).toHaveLength(0)
})

test('no agent counts its mails at another location by naming one', async () => {
  const clockless = { emails: ['ann@acme.example'], phones: [], dndAll: false, dnd: [], timeZone: 'America/New_York' }
  const { clock, fake } = await world()
  const gateway = createGateway({
    agents: { outreach: 'GHL_MASTER' },
    storage: memoryStorage(),
    http: ghlHttp({ token: fake.accessToken, baseUrl: fake.url }),
    mode: 'live',
    clock,
    account: { senderDomain: 'agency.example.com', locationId: fake.locationId },
    resolveContact: async (id) => ({ id, ...clockless }),
    guardrails: { email: { perHour: 1, minDelayMs: 0 } },
  })
  const contact = fake.addContact({ email: 'c1@acme.example' })
  const outreach = gateway.agent('outreach').with({ grounding: evidence(contact.id, clock) })
  await outreach.execute(send({ contactId: contact.id }))
  const second = await outreach.execute(send({ contactId: contact.id, locationId: 'elsewhere' }))
  expect(second).toMatchObject({ status: 'blocked' })
  await gateway.close()
})

test('a request approved for a contact of another location can be run', async () => {
  const { clock, fake } = await world()
  const gateway = createGateway({
    agents: { outreach: 'GHL_MASTER' },
    storage: memoryStorage(),
    http: ghlHttp({ token: fake.accessToken, baseUrl: fake.url }),
    mode: 'live',
    clock,
    approvals: { requireFor: ['send_email'] },
    account: { senderDomain: 'agency.example.com' },
  })
  const ann = fake.addContact({ email: 'ann2@acme.example', timezone: 'America/New_York' })
  const held = await gateway
    .agent('outreach')
    .with({ grounding: evidence(ann.id, clock) })
    .execute(mail(ann.id))
  expect(held).toMatchObject({ status: 'pending_approval' })
  const id = held.status === 'pending_approval' ? held.approvalId : ''
  expect(await gateway.approvals.approve(id, { by: 'maria' })).toMatchObject({ outcome: { status: 'executed' } })
  await gateway.close()
})

test('a shadowed burst keeps the limit of GHL for its look-ups', async () => {
  const { outreach, ann, fake } = await world({ mode: 'shadow', guardrails: { ghl: { per10s: 3 } } })
  for (let i = 0; i < 6; i++) await outreach.execute(mail(ann.id))
  expect(fake.calls.length).toBeLessThanOrEqual(3)
})

test('a look-up that GHL answers with an error is counted like any other call', async () => {
  const { outreach, ann, fake } = await world({ guardrails: { ghl: { per10s: 3 } } })
  fake.fail({ match: { method: 'GET' }, times: 10, status: 500 })
  for (let i = 0; i < 6; i++) await outreach.execute(mail(ann.id))
  expect(fake.calls.length).toBeLessThanOrEqual(3)
})

test("a header that cannot be written is the agent's fault, not that of GHL", async () => {
  const { outreach, gateway, ann } = await world()
  for (let i = 0; i < 6; i++) {
    const outcome = await outreach.execute({ type: 'ghl_request', method: 'GET', path: `/contacts/${ann.id}`, version: 'a\nb' })
    expect(outcome).toMatchObject({ status: 'blocked', stage: 'classify' })
  }
  expect((await gateway.breakers.status()).ghl_api).toMatchObject({ state: 'closed' })
})

test('e-mail switched off stops campaigns too', async () => {
  const { outreach, gateway, ann } = await world()
  await gateway.system.switchOff('channel', 'email', { reason: 'reputation' })
  expect(await outreach.execute({ type: 'bulk_send_email', campaignId: 'c1', contactIds: [ann.id] })).toMatchObject({
    status: 'blocked',
    stage: 'system',
  })
})

test('who may only reject cannot approve', async () => {
  const roles = { CENSOR: { permissions: ['reject_campaign' as const], platforms: ['GoHighLevel'] } }
  const { gateway, outreach, ann, fake } = await world({
    agents: { outreach: 'GHL_MASTER', censor: 'CENSOR' },
    roles,
    approvals: { requireFor: ['send_email'] },
  })
  const held = await outreach.execute(mail(ann.id))
  const id = held.status === 'pending_approval' ? held.approvalId : ''
  const censor = gateway.agent('censor').approvals
  expect(await censor?.approve(id)).toMatchObject({ refused: { code: 'permission.denied' } })
  expect(await censor?.edit(id, { body: {} })).toMatchObject({ refused: { code: 'permission.denied' } })
  expect(fake.sent).toHaveLength(0)
  expect(await censor?.reject(id)).toMatchObject({ approval: { status: 'rejected' } })
})

test('an approver that was switched off decides nothing', async () => {
  const { gateway, outreach, ann, fake } = await world({ approvals: { requireFor: ['send_email'] } })
  const held = await outreach.execute(mail(ann.id))
  const id = held.status === 'pending_approval' ? held.approvalId : ''
  await gateway.system.switchOff('agent', 'keeper', { reason: 'it approves everything' })
  expect(await gateway.agent('keeper').approvals?.approve(id)).toMatchObject({ refused: { code: 'system.switched_off' } })
  expect(fake.sent).toHaveLength(0)
})

test('an edit changes what a request says, never which request it is', async () => {
  const { gateway, outreach, ann } = await world({ approvals: { requireFor: ['send_email'] } })
  const held = await outreach.execute(mail(ann.id))
  const id = held.status === 'pending_approval' ? held.approvalId : ''
  const sly = { method: 'DELETE', path: `/contacts/${ann.id}`, body: { type: 'Email' } } as never
  const edited = await gateway.agent('keeper').approvals?.edit(id, sly)
  if (edited && 'approval' in edited && edited.approval)
    expect(edited.approval.request).toMatchObject({ call: { method: 'POST', path: '/conversations/messages' } })
})

test('a pending request is found behind ten thousand old ones', async () => {
  const storage = memoryStorage()
  const { gateway, outreach, ann } = await world({ storage, approvals: { requireFor: ['send_email'] } })
  await gateway.open()
  const old = Array.from({ length: 10_000 }, (_, i) => ({
    op: 'put' as const,
    key: `approval/apr_0000${String(i).padStart(5, '0')}`,
    value: { status: 'rejected' },
  }))
  await storage.commit([old])
  await outreach.execute(mail(ann.id))
  expect(await gateway.approvals.list({ status: 'pending' })).toHaveLength(1)
})

test('a lost head of the audit is told, not tried for ever', async () => {
  const storage = memoryStorage()
  const { gateway, outreach, ann } = await world({ storage })
  await outreach.execute(mail(ann.id))
  await gateway.audit.seal()
  await storage.commit([[{ op: 'del', key: 'audit-head' }]])
  await outreach.execute(mail(ann.id))
  const told = Promise.race([
    gateway.audit.seal().then(
      () => 'sealed',
      (error: Error) => error.name,
    ),
    new Promise((done) => setTimeout(done, 1000, 'hangs')),
  ])
  expect(await told).toBe('StorageError')
}, 5000)

test('a process that slept past its lease between its commit and its call does not send', async () => {
  const inner = memoryStorage()
  let slept = false
  const w = await world({
    storage: {
      ...inner,
      async commit(batches) {
        const results = await inner.commit(batches)
        if (!slept && batches.flat().some(({ key }) => key.startsWith('intent/'))) {
          slept = true
          w.clock.advance(130_000)
        }
        return results
      },
    },
  })
  const outcome = await w.outreach.execute(mail(w.ann.id))
  expect(slept).toBe(true)
  expect(outcome).toMatchObject({ status: 'failed' })
  expect(w.fake.sent).toHaveLength(0)
})

test('senders made up by an agent do not fill the memory', async () => {
  const clock = fakeClock(MORNING)
  const storage = memoryStorage()
  let most = 0
  const counting = {
    ...storage,
    read: (keys: readonly string[]) => storage.read(keys).finally(() => (most = Math.max(most, keys.length))),
  }
  const { policy } = parseGatewayConfig({ agents: { outreach: 'GHL_MASTER' }, storage: counting, clock })
  const known = createKnownState(counting, policy, clock)
  await known.open()
  for (let i = 0; i < 3000; i++) await known.load([`health/d${i}.example`])
  await known.refresh()
  expect(most).toBeLessThan(1500)
  expect(known.system().version).toBe(null)
})

test('a document sent without a message of ours asks for the wishes of the contact too', async () => {
  const SENDER = { permissions: ['send_message' as const], platforms: ['GoHighLevel'] }
  const { gateway, ann, clock, fake } = await world({ agents: { outreach: 'GHL_MASTER', sender: 'SENDER' }, roles: { SENDER } })
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'do_not_contact' })
  const sender = gateway.agent('sender').with({ grounding: evidence(ann.id, clock) })
  const outcome = await sender.execute({
    type: 'ghl_request',
    method: 'POST',
    path: '/proposals/templates/send',
    body: { contactId: ann.id, templateId: 't1', userId: 'u1', locationId: fake.locationId },
  })
  expect(codesOf(outcome)).toContain('recipient.suppressed')
})

test('masking takes time by the length of a text, whatever is in it', () => {
  const started = performance.now()
  expect(redact(`${'a%40'.repeat(60_000)}@`)).not.toBe('')
  expect(redact('to ann@acme.example, ann%40acme.example')).toBe('to [email], [email]')
  expect(performance.now() - started).toBeLessThan(1000)
})

test('a handle gives nothing of another agent that runs around it', async () => {
  const { gateway, outreach, ann } = await world()
  const scout = gateway.agent('scout')
  const found = await outreach.run({}, async () => {
    const door = doorOf(scout) as unknown as Record<string, { getStore?: () => unknown } | undefined>
    return Object.values(door).flatMap((part) => (typeof part?.getStore === 'function' ? [part.getStore()] : []))
  })
  expect(found.filter((one) => one !== undefined)).toEqual([])
  expect(ann.id).toBeDefined()
})

test('no error and no outcome of a wrapped client holds the token', async () => {
  const { clock, fake } = await world()
  const gateway = createGateway({
    agents: { outreach: 'GHL_MASTER' },
    storage: memoryStorage(),
    mode: 'live',
    clock,
    account: { senderDomain: 'agency.example.com' },
    guardrails: { email: { minDelayMs: 0 } },
  })
  const ann = fake.addContact({ email: 'ann3@acme.example', timezone: 'America/New_York' })
  const agent = gateway.agent('outreach').with({ grounding: evidence(ann.id, clock) })
  const raw = axios.create({ baseURL: fake.url, headers: { Authorization: `Bearer ${fake.accessToken}`, Version: '2021-07-28' } })
  const client = withGateway(raw, agent)
  fake.fail({ match: { method: 'POST' }, times: 2, drop: 'after' })
  const { inspect } = await import('node:util')
  const all = { depth: 20, showHidden: true }
  const body = { type: 'Email', contactId: ann.id, subject: 'Your second warehouse', html: HTML }
  const thrown: unknown = await client.post('/conversations/messages', body).catch((error: unknown) => error)
  expect(thrown).toMatchObject({ name: 'OutcomeUnknownError' })
  expect(inspect(thrown, all)).not.toContain(fake.accessToken)
  const outcome = await agent.execute(mail(ann.id))
  expect(outcome).toMatchObject({ status: 'unknown' })
  expect(inspect(outcome, all)).not.toContain(fake.accessToken)
  await gateway.close()
})

test('an idempotency key is of the send, not of the reads around it', async () => {
  const { outreach, ann, fake } = await world()
  const once = outreach.with({ idempotencyKey: 'k' })
  for (let i = 0; i < 2; i++)
    expect(await once.execute({ type: 'read_contact', contactId: ann.id })).toMatchObject({ status: 'executed' })
  expect(await once.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  expect(fake.sent).toHaveLength(1)
})

test('what an agent does to its outcome changes nothing that is stored', async () => {
  const { gateway, outreach, ann } = await world({ approvals: { requireFor: ['send_email'] } })
  const held = await outreach.execute(mail(ann.id))
  if (held.status !== 'pending_approval') throw new Error(held.status)
  try {
    ;(held.reasons as unknown as { code: string }[]).length = 0
  } catch {
    // frozen is as good
  }
  expect(await gateway.approvals.approve(held.approvalId, { by: 'maria' })).toMatchObject({ outcome: { status: 'executed' } })
})

test('a getter that throws in an action is a refusal with a record', async () => {
  const { gateway, outreach } = await world()
  const trap = {
    get type(): string {
      throw new Error('boo')
    },
  }
  expect(await outreach.execute(trap as never)).toMatchObject({ status: 'blocked', stage: 'classify' })
  const kinds: string[] = []
  for await (const { kind } of gateway.audit.records()) kinds.push(kind)
  expect(kinds).toEqual(['refusal'])
})

test('someone else in a forward who is suppressed is named, not tried fifty times', async () => {
  const { gateway, outreach, ann } = await world()
  await gateway.suppressions.add({ contactId: 'source9' }, { cause: 'do_not_contact' })
  const outcome = await outreach.execute(send({ contactId: ann.id, forward: { sourceContactId: 'source9' } }))
  expect(codesOf(outcome)).toContain('recipient.suppressed')
})

test('RCS is no second allowance of SMS', async () => {
  const SENDER = { permissions: ['send_message' as const, 'send_sms' as const], platforms: ['GoHighLevel'] }
  const { gateway, ann, clock } = await world({
    agents: { outreach: 'GHL_MASTER', sender: 'SENDER' },
    roles: { SENDER },
    guardrails: { sms: { perHour: 1 } },
  })
  const sender = gateway.agent('sender').with({ grounding: evidence(ann.id, clock) })
  const text = (type: string): Action => ({
    type: 'ghl_request',
    method: 'POST',
    path: '/conversations/messages',
    body: { type, contactId: ann.id, message: 'Hello Ann, reply STOP to opt out' },
  })
  expect(await sender.execute(text('SMS'))).toMatchObject({ status: 'executed' })
  expect(codesOf(await sender.execute(text('RCS')))).toContain('sms.hourly_limit')
})

test('the audit holds no address, wherever an agent puts one', async () => {
  const { gateway, outreach, ann } = await world()
  const address = 'ann@acme.example'
  await outreach.with({ campaign: `for ${address}`, idempotencyKey: address }).execute(mail(ann.id, { cc: [address] }))
  for (const path of [`/contacts/${address}/x/y`, '/contacts/+12125550123/x/y'])
    await outreach.execute({ type: 'ghl_request', method: 'GET', path })
  await outreach.execute({ type: 'read_contact', contactId: ann.id, [address]: 1 } as never)
  await outreach.execute(mail(ann.id, { to: 'bob@b.example' }))
  await outreach.with({ grounding: { source: address, dataId: address, verifiedAt: 1 } }).execute(mail(ann.id))
  await outreach.execute(send({ contactId: ann.id, [`${address}to`]: 1 }))
  const said: string[] = []
  for await (const record of gateway.audit.records()) said.push(JSON.stringify(record))
  expect(said.length).toBeGreaterThanOrEqual(8)
  expect(said.filter((text) => /acme\.example|2125550123|b\.example/.test(text))).toEqual([])
})

test('a stop lifted in another process is lifted here', async () => {
  const storage = memoryStorage()
  const one = await world({ storage })
  const other = await world({ storage })
  await one.gateway.system.emergencyStop({ reason: 'leak' })
  expect(await other.outreach.execute(mail(other.ann.id))).toMatchObject({ status: 'blocked', stage: 'system' })
  await one.gateway.system.liftEmergencyStop()
  expect(await other.outreach.execute(mail(other.ann.id))).toMatchObject({ status: 'executed' })
})
