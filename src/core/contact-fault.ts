import { kindOf } from './config-issues.js'
import { CHANNELS, CONSENT_BASES, type Consent, type ContactFacts } from './contact.js'
import { didYouMean } from './nearest.js'

/**
 * Why a value is no `ContactFacts`: the member, what it is, and the nearest name; undefined where it is one. Written by
 * hand because it runs before every send, where a schema would take several microseconds.
 */
export function contactFault(value: unknown): string | undefined {
  if (!isObject(value)) return `the contact is ${kindOf(value)}, expected an object, or null where there is none.`
  const fault = memberFault(value, CONTACT)
  return fault === undefined ? undefined : `\`${fault}`
}

/**
 * What is wrong with a value, as the end of a sentence that begins with its name (`[0]\` is "SMS", expected …`); undefined
 * where nothing is. The name is put before it on the way back, because putting it together takes time.
 */
type Check = (value: unknown) => string | undefined

interface Shape {
  readonly name: string
  readonly members: ReadonlyMap<string, Check>
  readonly required: readonly string[]
}

function memberFault(value: object, { name, members, required }: Shape): string | undefined {
  const found = value as Record<string, unknown>
  for (const key in found) {
    const check = members.get(key)
    if (check === undefined) return `${key}\` is a member no ${name} has.${didYouMean(key, members.keys())}`
    const member = found[key]
    const fault = member === undefined ? undefined : check(member)
    if (fault !== undefined) return key + fault
  }
  for (const key of required) if (found[key] === undefined) return key + members.get(key)?.(undefined)
  return undefined
}

const text: Check = (value) => (typeof value === 'string' ? undefined : wrong(value, 'a text'))
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : wrong(value, 'true or false'))
const time: Check = (value) => (Number.isFinite(value) ? undefined : wrong(value, 'ms since 1970'))

function oneOf(names: readonly string[]): Check {
  const expected = `one of ${names.map((name) => `"${name}"`).join(', ')}`
  return (value) => {
    if (typeof value !== 'string') return wrong(value, expected)
    return names.includes(value) ? undefined : `\` is "${value.slice(0, 60)}", expected ${expected}.${didYouMean(value, names)}`
  }
}

function listOf(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return wrong(value, 'a list')
    for (let index = 0; index < value.length; index++) {
      const fault = check(value[index])
      if (fault !== undefined) return `[${index}]${fault}`
    }
    return undefined
  }
}

/** `expected` = what a value has to be that is no object. */
function objectOf(shape: Shape, expected: string): Check {
  return (value) => {
    if (!isObject(value)) return wrong(value, expected)
    const fault = memberFault(value, shape)
    return fault === undefined ? undefined : `.${fault}`
  }
}

const consentMembers = {
  status: oneOf(['given', 'none', 'withdrawn']),
  basis: oneOf(CONSENT_BASES),
  at: time,
  expiresAt: time,
  record: text,
} satisfies { [K in keyof Required<Consent>]: Check }

const consent = objectOf(
  { name: 'consent', members: new Map(Object.entries(consentMembers)), required: ['status'] },
  'an object such as { status: "given" }',
)

const consents = objectOf(
  { name: 'set of consents', members: new Map(CHANNELS.map((channel) => [channel, consent])), required: [] },
  'an object of consents by channel',
)

const texts = listOf(text)

const contactMembers = {
  id: text,
  emails: texts,
  phones: texts,
  dndAll: flag,
  dnd: listOf(oneOf(CHANNELS)),
  timeZone: text,
  country: text,
  state: text,
  postalCode: text,
  firstName: text,
  lastName: text,
  companyName: text,
  locationId: text,
  tags: texts,
  landlines: texts,
  consent: consents,
} satisfies { [K in keyof Required<ContactFacts>]: Check }

const CONTACT: Shape = {
  name: 'contact',
  members: new Map(Object.entries(contactMembers)),
  required: ['id', 'emails', 'phones', 'dndAll', 'dnd'],
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrong(value: unknown, expected: string): string {
  return `\` is ${kindOf(value)}, expected ${expected}.`
}
