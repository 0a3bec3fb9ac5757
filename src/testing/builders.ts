import type { Grounding } from '../core/action.js'
import type { ContactFacts } from '../core/contact.js'
import type { Message } from '../core/message.js'

/** A contact nobody has a reason to refuse: one address, one US phone with consent to texts, New York, no do-not-disturb. */
export function contact(overrides: Partial<ContactFacts> = {}): ContactFacts {
  return {
    id: 'contact_1',
    emails: ['ada@example.com'],
    phones: ['+12125550123'],
    dndAll: false,
    dnd: [],
    timeZone: 'America/New_York',
    country: 'US',
    state: 'NY',
    postalCode: '10001',
    firstName: 'Ada',
    lastName: 'Byron',
    companyName: 'Example Analytics',
    locationId: 'location_1',
    tags: [],
    consent: { sms: { status: 'given', basis: 'express_written' } },
    ...overrides,
  }
}

/** An e-mail that passes every default guardrail: plain subject, way out, postal address. */
export function email(overrides: Partial<Message> = {}): Message {
  return {
    channel: 'email',
    contactId: 'contact_1',
    recipients: [{ kind: 'contact', address: 'ada@example.com' }],
    from: 'sam@agency.example.com',
    subject: 'Notes from our call about reporting',
    html: EMAIL_HTML,
    ...overrides,
  }
}

/** A text message that passes every default guardrail: says who writes and how to stop. */
export function sms(overrides: Partial<Message> = {}): Message {
  return {
    channel: 'sms',
    contactId: 'contact_1',
    recipients: [{ kind: 'contact', address: '+12125550123' }],
    from: '+12125550199',
    text: 'Hi Ada, Sam from Example Agency here. Are you still on for Tuesday at 10? Reply STOP to opt out',
    ...overrides,
  }
}

/**
 * Evidence for an action: about `contact_1`, verified at the time of `fakeClock()`'s default start.
 * Give `verifiedAt` when the clock of the test starts elsewhere.
 */
export function grounding(overrides: Partial<Grounding> = {}): Grounding {
  return { source: 'ghl', dataId: 'contact_1', verifiedAt: '2026-03-02T15:00:00.000Z', ...overrides }
}

const EMAIL_HTML = `<p>Hi Ada,</p>
<p>Thank you for the talk on Tuesday. You said that the weekly report takes your team half a day, and that most of that
time goes into copying numbers from two systems by hand. I wrote down the three steps we spoke about and what each of
them would need from your side. The first can be done without any change to the systems you have.</p>
<p>If it helps, I can go through them with your team next week. Would Wednesday morning suit you?</p>
<p>Best regards,<br>Sam</p>
<p>Example Agency, 100 Main Street, Suite 5, New York, NY 10001<br>
<a href="https://agency.example/unsubscribe">Unsubscribe</a></p>`
