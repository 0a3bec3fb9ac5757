import type { ContactFacts } from 'sendwarden'
import { checkMessage, guardrailPolicySchema } from 'sendwarden/guardrails'
import { z } from 'zod'
import type { CaseResult } from './suites.js'

const strings = z.array(z.string())
const context = z
  .object({
    purpose: z.enum(['commercial', 'transactional']).optional(),
    isReply: z.boolean().optional(),
    firstMessage: z.boolean().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    brand: z.string().optional(),
    postalAddress: z.string().optional(),
    recipient: z
      .object({ firstName: z.string(), lastName: z.string(), company: z.string(), companyName: z.string(), country: z.string() })
      .partial()
      .optional(),
    otherCompanies: strings.optional(),
    batchCompanies: strings.optional(),
  })
  .optional()

const file = z.object({
  cases: z.array(
    z.object({
      id: z.string(),
      channel: z.enum(['email', 'sms']),
      subject: z.string().optional(),
      body: z.string().optional(),
      html: z.string().optional(),
      context,
      expect: z.object({ verdict: z.enum(['allow', 'warn', 'block']), rules: strings }),
    }),
  ),
})
type Given = z.infer<typeof file>['cases'][number]

/** A Wednesday, eleven in New York: inside every window. */
const NOON = Date.parse('2026-03-04T16:00:00Z')

/** The verdict as expected, and the rules named among those that spoke; more may have. */
export function runContentSuite(vectors: unknown): CaseResult[] {
  return file.parse(vectors).cases.map((given) => {
    const decision = judge(given)
    const reasons = decision.verdict === 'allow' ? [] : decision.reasons
    const rules = [...reasons, ...decision.warnings].map(({ rule }) => rule)
    const verdict = decision.verdict !== 'allow' ? 'block' : decision.warnings.length > 0 ? 'warn' : 'allow'
    const ok = verdict === given.expect.verdict && given.expect.rules.every((rule) => rules.includes(rule))
    return { id: given.id, ok, expected: given.expect, got: { verdict, rules } }
  })
}

function judge({ channel, subject, body, html, context = {} }: Given) {
  const { recipient = {}, headers, firstMessage, purpose, isReply, brand, postalAddress } = context
  const { firstName, lastName, company, companyName = company, country = 'US' } = recipient
  const others = context.otherCompanies ?? context.batchCompanies
  const policy = guardrailPolicySchema.parse({ sender: { brand, postalAddress } })
  const contact: ContactFacts = {
    id: 'c',
    emails: ['dana@acme.test'],
    phones: ['+12125550123'],
    dndAll: false,
    dnd: [],
    timeZone: 'UTC',
    country,
    // A case is about what is said: whether it may be said to this person at all is another rule's.
    consent: { sms: { status: 'given', basis: 'express_written' }, email: { status: 'given', basis: 'express' } },
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    ...(companyName === undefined ? {} : { companyName }),
  }
  return checkMessage(
    {
      channel,
      recipients: [],
      ...(subject === undefined ? {} : { subject }),
      ...(body === undefined ? {} : { text: body }),
      ...(html === undefined ? {} : { html }),
      ...(isReply === undefined ? {} : { isReply }),
    },
    policy,
    {
      now: NOON,
      contact,
      grounding: { source: 'manual', dataId: 'c', verifiedAt: NOON },
      senderDomain: 'sender.test',
      ...(headers === undefined ? {} : { headers }),
      ...(firstMessage === undefined ? {} : { firstMessage }),
      ...(purpose === undefined ? {} : { purpose }),
      ...(others === undefined ? {} : { otherCompanies: others }),
    },
  )
}
