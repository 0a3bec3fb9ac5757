export { contact, email, grounding, sms } from './builders.js'
export { type FakeClock, fakeClock } from './fake-clock.js'
export type { CallFilter, FakeCall } from './fake-ghl/calls.js'
export { createFakeGhl } from './fake-ghl/create-fake-ghl.js'
export type { Delivery, DeliveryScript } from './fake-ghl/delivery.js'
export type { FakeGhl, FakeGhlOptions, NewContact } from './fake-ghl/fake-ghl.js'
export type { Fault, FaultOptions } from './fake-ghl/faults.js'
export { OFFICIAL_LIMITS, type RateLimits } from './fake-ghl/rate-buckets.js'
export type * from './fake-ghl/state.js'
export type { IssuedToken, TokenOptions } from './fake-ghl/tokens.js'
export type {
  FakeEvent,
  FakeWebhooks,
  WebhookAttempt,
  WebhookDelivery,
  WebhookHandler,
  WebhookMode,
} from './fake-ghl/webhooks.js'
export {
  type ConformanceCase,
  type ConformanceRule,
  type StorageConformanceOptions,
  type StorageSubject,
  storageConformance,
} from './storage-conformance.js'
