import type { FakeContact } from './state.js'

/** As GET /contacts/{id} shows it. */
export function shown(contact: FakeContact) {
  const { subscriptions, unsubscribeEmail, ...rest } = contact
  return {
    ...structuredClone(rest),
    ...(unsubscribeEmail ? { unsubscribeEmail } : {}),
    name: fullName(contact),
    emailLowerCase: contact.email?.toLowerCase() ?? null,
    type: 'lead',
  }
}

/** As lists show it: without the do-not-disturb settings. */
export function listed(contact: FakeContact) {
  const { dndSettings, inboundDndSettings, ...rest } = shown(contact)
  return rest
}

export function fullName(contact: FakeContact): string {
  return [contact.firstName, contact.lastName].filter((part) => part !== null).join(' ')
}
