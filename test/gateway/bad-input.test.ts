import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Action } from '../../src/core/action.js'
import { isConfigError } from '../../src/core/errors.js'
import { createGateway, type GatewayConfig } from '../../src/gateway/index.js'
import { limitKeys } from '../../src/ghl/index.js'
import { ROLES } from '../../src/permissions/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { codesOf, HTML, mail, type World, world } from './world.js'

/** Whatever an agent passes: `execute` answers with a refusal, `check` with the same, and GHL hears nothing. */
async function refusedAs({ outreach, fake, gateway }: World, action: unknown): Promise<string> {
  const outcome = await outreach.execute(action as never)
  expect(outcome).toMatchObject({ status: 'blocked', stage: 'classify' })
  expect(await outreach.check(action as never)).toMatchObject({ verdict: 'deny' })
  expect(fake.calls).toHaveLength(0)
  expect(await gateway.audit.verify()).toMatchObject({ ok: true })
  return JSON.stringify(outcome)
}

const send = (more: object = {}) => ({ type: 'send_email', contactId: 'c1', subject: 'Hello', html: HTML, ...more })
const cyclic: Record<string, unknown> = { type: 'create_contact', contact: {} }
cyclic.contact = cyclic
const deep = Array.from({ length: 5000 }).reduce<object>((inner) => ({ inner }), {})
const throwing = Object.defineProperty({ type: 'read_contact' }, 'contactId', {
  enumerable: true,
  get() {
    throw new Error('a getter that throws')
  },
})
const spiteful = new Proxy(
  {},
  {
    ownKeys() {
      throw new Error('a proxy that throws')
    },
    get() {
      throw new Error('a proxy that throws')
    },
  },
)

test.each<[string, unknown, RegExp]>([
  ['nothing', undefined, /action/],
  ['null', null, /action/],
  ['a text', 'send_email', /action/],
  ['a list', [], /action/],
  ['a function', () => undefined, /action/],
  ['no type', { contactId: 'c1' }, /action\.type/],
  ['an unknown type', { type: 'send_fax', contactId: 'c1' }, /action\.type/],
  ['the type __proto__', { type: '__proto__' }, /action\.type/],
  ['a missing field', { type: 'send_email', contactId: 'c1' }, /action\.subject/],
  ['an unknown field', send({ subjct: 'x' }), /subjct/],
  ['a wrong type', send({ subject: 7 }), /action\.subject/],
  ['an empty id', send({ contactId: '' }), /action\.contactId/],
  ['an id that is a path', send({ contactId: '../locations/x' }), /contactId|id/i],
  ['NaN', { type: 'search_contacts', limit: Number.NaN }, /action\.limit/],
  [
    'Infinity deep inside',
    { type: 'create_contact', contact: { customFields: [{ value: Number.POSITIVE_INFINITY }] } },
    /customFields\[0\]\.value/,
  ],
  ['a bigint', { type: 'create_contact', contact: { n: 1n } }, /action\.contact\.n/],
  ['a symbol', { type: 'create_contact', contact: { n: Symbol('x') } }, /action\.contact\.n/],
  ['a Map', { type: 'create_contact', contact: new Map() }, /action\.contact/],
  ['a cycle', cyclic, /nested deeper|cycle/],
  ['5,000 levels', { type: 'create_contact', contact: deep }, /nested deeper/],
  ['__proto__ as a key', JSON.parse('{"type":"create_contact","contact":{"__proto__":{"admin":true}}}'), /__proto__/],
  ['constructor as a key', { type: 'create_contact', contact: { constructor: { prototype: {} } } }, /constructor/],
  ['a getter that throws', throwing, /action/],
  ['a proxy that throws', spiteful, /action/],
  [
    'a time that is none',
    { type: 'schedule_email', ...{ contactId: 'c1', subject: 's', html: HTML }, sendAt: 'tomorrow' },
    /sendAt/,
  ],
  ['a time in seconds', { type: 'read_calendar', from: 1_768_402_800, to: 1_768_402_900 }, /seconds|from/],
  ['a path with a query', { type: 'ghl_request', method: 'GET', path: '/contacts/x?a=b' }, /path/],
  ['a method that is none', { type: 'ghl_request', method: 'TRACE', path: '/contacts/x' }, /method/],
  ['a path GHL does not have', { type: 'ghl_request', method: 'GET', path: '/admin/secrets' }, /\/admin\/secrets/],
  ['a path with dots', { type: 'ghl_request', method: 'GET', path: '/contacts/../locations/x' }, /operation/],
])('%s is refused and what is wrong is named', async (_, action, names) => {
  const made = await world()
  expect(await refusedAs(made, action)).toMatch(names)
})

test('a body of 10 MB is refused unread in bounded time, and the refusal does not repeat it', async () => {
  const made = await world()
  const text = 'x'.repeat(10_000_000)
  for (const action of [send({ html: text }), { type: 'create_contact', contact: { name: text } }]) {
    expect((await refusedAs(made, action)).length).toBeLessThan(2000)
  }
})

test('100,000 members are no way to make it slow', async () => {
  const made = await world()
  const contact = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`f${n}`, 'v'.repeat(40)]))
  expect(await refusedAs(made, { type: 'create_contact', contact })).toMatch(/characters long/)
})

test('a message that is changed after the call began is sent as it was', async () => {
  const { outreach, ann, fake } = await world()
  const cc = ['boss@acme.example']
  const action = { ...mail(ann.id), cc }
  const sent = outreach.execute(action as Action)
  Object.assign(action, { subject: 'FREE MONEY', html: 'act now', contactId: 'somebody-else' })
  cc.push('press@paper.example')
  expect(await sent).toMatchObject({ status: 'executed' })
  expect(fake.received('POST /conversations/messages').map(({ body }) => body)).toMatchObject([
    { contactId: ann.id, subject: 'Your second warehouse', emailCc: ['boss@acme.example'] },
  ])
})

test('a getter that answers differently each time is asked once', async () => {
  const { outreach, ann, fake } = await world()
  let asked = 0
  const sly = Object.defineProperty({ ...mail(ann.id) }, 'subject', {
    enumerable: true,
    get: () => (asked++ === 0 ? 'Your second warehouse' : 'FREE MONEY, act now, winner'),
  })
  expect(await outreach.execute(sly as never)).toMatchObject({ status: 'executed' })
  expect(fake.received('POST /conversations/messages').map(({ body }) => body)).toMatchObject([
    { subject: 'Your second warehouse' },
  ])
})

test.each([
  { source: 7 },
  { source: 'ghl', dataId: {}, verifiedAt: [] },
  { source: 'ghl', dataId: 'x', verifiedAt: Number.MAX_VALUE },
  {},
])('evidence that is no evidence is a refusal, not a crash: %j', async (grounding) => {
  const { gateway, ann, fake } = await world()
  const outcome = await gateway
    .agent('outreach')
    .with({ grounding: grounding as never })
    .execute(mail(ann.id))
  expect(outcome).toMatchObject({ status: 'blocked', stage: 'guardrails' })
  expect(codesOf(outcome).every((code) => code.startsWith('grounding.'))).toBe(true)
  expect(fake.sent).toHaveLength(0)
})

test.each([
  [{ idempotencykey: 'x' }, /idempotencyKey/],
  [{ idempotencyKey: '' }, /idempotencyKey/],
  [{ contact: 7 }, /contact/],
  [{ grounding: 'trust me' }, /grounding/],
  [
    { grounding: { source: 'ghl', dataId: 'x', verifiedAt: Number.NaN } },
    /context\.grounding\.verifiedAt is NaN|verifiedAt: is NaN/,
  ],
])('a context that is misspelt or wrong is an error at once: %j', async (context, names) => {
  const { outreach } = await world()
  expect(() => outreach.with(context as never)).toThrow(names)
  expect(() => outreach.run(context as never, () => 1)).toThrow(names)
})

test('an agent nobody registered has no handle, and the error names the nearest', async () => {
  const { gateway } = await world()
  expect(() => gateway.agent('outreech')).toThrow(/outreach/)
  for (const name of ['__proto__', 'constructor', '', undefined as never]) expect(() => gateway.agent(name)).toThrow()
})

describe('a configuration that cannot mean anything safe is an error with its path and the nearest name:', () => {
  const base = { agents: { outreach: 'GHL_MASTER' }, storage: memoryStorage() }
  const roles = (limitsPerHour: object) => ({ roles: { X: { ...ROLES.GHL_MASTER, limitsPerHour } } })
  test.each<[object, RegExp]>([
    [{ guardrials: {} }, /guardrials.*guardrails/s],
    [{ guardrails: { email: { perDayy: 5 } } }, /guardrails\.email: .*perDayy.*"perDay"/s],
    [{ guardrails: { email: { perDay: Number.NaN } } }, /guardrails\.email\.perDay/],
    [{ guardrails: { email: { perDay: -1 } } }, /guardrails\.email\.perDay/],
    [{ guardrails: { hours: { email: { open: '25:00' } } } }, /guardrails\.hours\.email/],
    [{ account: { timeZone: 'America/New_Yorc' } }, /account\.timeZone/],
    [{ account: { timeZone: '' } }, /account\.timeZone/],
    [{ account: { senderDomain: 'https://agency.example' } }, /account\.senderDomain: .*a domain such as agency\.example/],
    [{ account: { senderDomain: 'a b c' } }, /account\.senderDomain/],
    [{ account: { senderDomain: 'sam@agency.example' } }, /account\.senderDomain/],
    [{ guardrails: { health: { warmUp: { new: ['https://new.example'] } } } }, /guardrails\.health\.warmUp\.new\[0\]: .*domain/],
    [{ guardrails: { health: { warmUp: { established: ['old.example', 'x'] } } } }, /established\[1\]: .*domain/],
    [{ guardrails: { sender: { domains: ['agency.example/'] } } }, /guardrails\.sender\.domains\[0\]: .*domain/],
    [{ guardrails: { recipients: { disposableDomains: ['*.trash.example'] } } }, /disposableDomains\[0\]: .*domain/],
    [{ guardrails: { hours: { zoneChanges: { 'Europe/Berln': [] } } } }, /zoneChanges\["Europe\/Berln"\]: .*IANA/],
    [{ agents: { outreach: 'GHL_MASTR' } }, /agents\.outreach.*GHL_MASTER/s],
    [{ agents: { outreach: { permissions: ['send_emial'], platforms: [] } } }, /send_email/],
    [{ agents: JSON.parse('{"__proto__":"QUEEN"}') }, /__proto__/],
    [roles({ send_email: 1 }), /roles\.X\.limitsPerHour\.send_email: .*"email_send"/],
    [roles({ schedule_email: 1 }), /schedule_email: .*"email_send"/],
    [roles({ send_bulk: 1 }), /send_bulk: .*"bulk_send"/],
    [roles({ email_sent: 1 }), /email_sent: .*"email_send"/],
    [roles({ per_hour: 1 }), /roles\.X\.limitsPerHour\.per_hour: .*docs\/permissions\.md/],
    [
      { agents: { a: { ...ROLES.GHL_MASTER, limitsPerHour: { 'Email Send': 1 } } } },
      /agents\.a\.limitsPerHour\["Email Send"\]: .*"email_send"/,
    ],
    [{ mode: 'Live' }, /mode/],
    [{ mode: { pilot: 10 } }, /mode/],
    [{ storage: {} }, /storage.*memoryStorage/s],
    [{ storage: undefined }, /storage/],
    [{ http: {} }, /http.*ghlHttp/s],
    [{ breakers: { ghl_api: { treshold: 5 } } }, /breakers\.ghl_api: .*treshold.*"threshold"/s],
    [{ approvals: { expireMs: 'a day' } }, /approvals\.expireMs/],
    [{ approvals: { requireFor: ['send_emial'] } }, /approvals\.requireFor/],
    [{ deadlineMs: 0 }, /deadlineMs/],
  ])('%j', (wrong, names) => {
    let thrown: unknown
    try {
      createGateway({ ...base, ...wrong } as GatewayConfig)
    } catch (error) {
      thrown = error
    }
    expect(isConfigError(thrown)).toBe(true)
    expect(String(thrown)).toMatch(names)
  })
})

test('every documented limit key is taken, and every one that is counted or predefined is documented', () => {
  const [, section = ''] = readFileSync('docs/permissions.md', 'utf8').split('## Limit keys')
  const rows = section.split('\n## ')[0]?.match(/^\| `[^|]+/gm) ?? []
  const documented = rows.flatMap((row) => row.match(/\w+/g) ?? [])
  const predefined = Object.values(ROLES).flatMap(({ limitsPerHour = {} }) => Object.keys(limitsPerHour))
  expect([...documented].sort()).toEqual([...new Set([...limitKeys(), ...predefined])].sort())
  const X = { ...ROLES.QUEEN, limitsPerHour: Object.fromEntries(documented.map((key) => [key, 1])) }
  expect(() => createGateway({ agents: { a: 'X' }, roles: { X }, storage: memoryStorage() })).not.toThrow()
})

test('a domain of the configuration is read in whatever spelling', async () => {
  const { gateway } = await world({
    account: { senderDomain: 'Mail.BÜCHER.example.' },
    guardrails: { sender: { domains: ['Agency.example'] } },
  })
  expect(gateway.policy.account.senderDomain).toBe('mail.xn--bcher-kva.example')
  expect(gateway.policy.guardrails.sender.domains).toEqual(['agency.example'])
})

test('the configuration in force can be read and not changed', async () => {
  const { gateway } = await world()
  const { guardrails, version } = gateway.policy
  expect(version).toMatch(/^[0-9a-f]{16}$/)
  expect(() => Object.assign(guardrails.email, { perDay: 1e9 })).toThrow(TypeError)
})
