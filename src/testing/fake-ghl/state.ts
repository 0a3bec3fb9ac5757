/** What the fake holds. Plain, mutable records: a test may read and change all of it. Times are ms since 1970 unless named otherwise. */

export type DndChannel = 'Call' | 'Email' | 'SMS' | 'WhatsApp' | 'GMB' | 'FB'

export interface DndSetting {
  /** `active` and `permanent` mean do not contact; `inactive` means contact is allowed. */
  status: 'active' | 'inactive' | 'permanent'
  message?: string
  code?: string
}

export type DndSettings = Partial<Record<DndChannel, DndSetting>>

export interface FakeContact {
  id: string
  locationId: string
  firstName: string | null
  lastName: string | null
  email: string | null
  phone: string | null
  additionalEmails: { email: string }[]
  additionalPhones: { phone: string; label?: string }[]
  companyName: string | null
  timezone: string | null
  country: string | null
  state: string | null
  city: string | null
  address1: string | null
  postalCode: string | null
  website: string | null
  source: string | null
  assignedTo: string | null
  dateOfBirth: string | null
  dnd: boolean
  dndSettings: DndSettings
  inboundDndSettings: { all?: DndSetting }
  unsubscribeEmail: boolean
  /** Subtypes of mail the contact has left or, after leaving everything, taken up again. */
  subscriptions: Record<string, 'subscribed' | 'unsubscribed'>
  tags: string[]
  followers: string[]
  customFields: unknown[]
  businessId: string | null
  dateAdded: string
  dateUpdated: string
}

export const MESSAGE_TYPES = ['SMS', 'RCS', 'Email', 'WhatsApp', 'IG', 'FB', 'Custom', 'Live_Chat', 'TIKTOK'] as const
export type MessageType = (typeof MESSAGE_TYPES)[number]

export type MessageStatus =
  | 'scheduled'
  | 'queued'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'failed'
  | 'undelivered'
  | 'opened'
  | 'clicked'
  | 'opt_out'
  /** Not a status of GHL: the schedule was cancelled, the message is gone for API callers. */
  | 'cancelled'

export interface FakeMessage {
  id: string
  /** E-mail only: the id the e-mail endpoints and LCEmailStats speak of. */
  emailMessageId: string | null
  type: MessageType
  direction: 'outbound' | 'inbound'
  /** Who caused it: an API call, or something the call set off. */
  source: 'api' | 'workflow' | 'campaign' | 'calendar' | 'invoice' | 'contact'
  contactId: string
  conversationId: string
  locationId: string
  /** Addresses or numbers it goes to: the contact's, or `emailTo` / `toNumber`, then `forward` recipients. */
  to: string[]
  cc: string[]
  bcc: string[]
  from: string | null
  subject: string | null
  /** Text body. */
  body: string | null
  html: string | null
  templateId: string | null
  threadId: string | null
  attachments: string[]
  status: MessageStatus
  timeline: { status: MessageStatus; at: number }[]
  createdAt: number
  scheduledFor: number | null
  /** When it left; null while queued or scheduled, and for ever when cancelled. */
  sentAt: number | null
  /** Why a delivery failed. */
  error: string | null
}

export interface FakeConversation {
  id: string
  contactId: string
  locationId: string
  unreadCount: number
  starred: boolean
  deleted: boolean
  dateAdded: number
  dateUpdated: number
}

export interface FakeEnrolment {
  kind: 'workflow' | 'campaign'
  /** The workflow's or campaign's id. */
  id: string
  contactId: string
  at: number
  removedAt: number | null
  /** `api` = enrolled by a call; otherwise what triggered it. */
  cause: 'api' | 'tag' | 'opportunity' | 'appointment'
}

export interface FakeWorkflow {
  id: string
  name: string
  locationId: string
  /** What starts it besides an enrolment by API. */
  trigger: { tag: string } | { opportunityStatus: string } | { appointment: true } | null
  /** What it sends to each contact that enters. */
  sends: { type: MessageType; subject?: string; message?: string; html?: string }[]
}

export interface FakeOpportunity {
  id: string
  name: string
  locationId: string
  pipelineId: string
  pipelineStageId: string | null
  status: string
  contactId: string
  monetaryValue: number
  assignedTo: string | null
  source: string | null
  followers: string[]
  customFields: unknown[]
  createdAt: string
  updatedAt: string
}

export interface FakePipeline {
  id: string
  name: string
  locationId: string
  stages: { id: string; name: string; position: number }[]
}

export interface FakeAppointment {
  id: string
  calendarId: string
  locationId: string
  contactId: string
  title: string
  appointmentStatus: string
  assignedUserId: string | null
  address: string | null
  notes: string | null
  /** ISO 8601, as given. */
  startTime: string
  endTime: string
  /** Whether the contact was told (`toNotify` was not false). */
  notified: boolean
  deleted: boolean
  dateAdded: string
  dateUpdated: string
}

export interface FakeCalendar {
  id: string
  name: string
  locationId: string
}

export interface FakeTask {
  id: string
  contactId: string
  title: string
  body: string | null
  dueDate: string | null
  completed: boolean
  assignedTo: string | null
}

export interface FakeNote {
  id: string
  contactId: string
  body: string
  userId: string | null
  dateAdded: string
}

export interface FakeInvoice {
  id: string
  locationId: string
  contactId: string | null
  name: string
  currency: string
  total: number
  status: 'draft' | 'sent' | 'paid' | 'void'
  createdAt: string
}

/** One thing that costs or asks for money. */
export interface MoneyEntry {
  kind: 'invoice_sent' | 'invoice_charged' | 'wallet_charge' | 'phone_purchase' | 'campaign_mail'
  amount: number
  currency: string
  locationId: string
  contactId: string | null
  /** The invoice, charge, number or campaign it is about. */
  reference: string
  at: number
}

export interface FakeCampaign {
  id: string
  name: string
  locationId: string
  subject: string | null
  html: string | null
  status: 'draft' | 'scheduled' | 'sent'
}

export interface FakeTemplate {
  id: string
  name: string
  locationId: string
  html: string
}

export interface FakeLocation {
  id: string
  companyId: string
  name: string
  timezone: string
  email: string
  phone: string
  country: string
}

export interface FakeUser {
  id: string
  locationId: string
  name: string
  email: string
}

/** A call that destroys more than any agent should: asserted empty by most tests. */
export interface Catastrophe {
  what: 'location_deleted' | 'user_deleted'
  id: string
  at: number
}

export interface FakeState {
  contacts: FakeContact[]
  conversations: FakeConversation[]
  messages: FakeMessage[]
  enrolments: FakeEnrolment[]
  workflows: FakeWorkflow[]
  campaigns: FakeCampaign[]
  opportunities: FakeOpportunity[]
  pipelines: FakePipeline[]
  calendars: FakeCalendar[]
  appointments: FakeAppointment[]
  tasks: FakeTask[]
  notes: FakeNote[]
  invoices: FakeInvoice[]
  templates: FakeTemplate[]
  money: MoneyEntry[]
  locations: FakeLocation[]
  users: FakeUser[]
  catastrophes: Catastrophe[]
  /** How many times a refresh token was exchanged for a new pair (repeats within 30 s are not counted). */
  tokenRefreshes: number
}

export function emptyState(): FakeState {
  return {
    contacts: [],
    conversations: [],
    messages: [],
    enrolments: [],
    workflows: [],
    campaigns: [],
    opportunities: [],
    pipelines: [],
    calendars: [],
    appointments: [],
    tasks: [],
    notes: [],
    invoices: [],
    templates: [],
    money: [],
    locations: [],
    users: [],
    catastrophes: [],
    tokenRefreshes: 0,
  }
}
