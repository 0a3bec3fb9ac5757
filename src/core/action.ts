import { z } from 'zod'
import type { Permission } from './permission.js'

/** What an action may cost when it goes wrong. From `high` on it needs grounding, at `critical` a human. */
export const RISKS = ['low', 'medium', 'high', 'critical'] as const
export type Risk = (typeof RISKS)[number]

const id = z.string().min(1).max(200)
const address = z.string().min(3).max(320)
const json = z.record(z.string(), z.unknown())
const time = z.union([z.number().int().positive(), z.iso.datetime({ offset: true })])

const email = {
  contactId: id,
  subject: z.string(),
  html: z.string().optional(),
  text: z.string().optional(),
  /** One of the contact's own addresses; default: its primary. */
  to: address.optional(),
  cc: z.array(address).max(50).readonly().optional(),
  bcc: z.array(address).max(50).readonly().optional(),
  from: address.optional(),
  templateId: id.optional(),
  threadId: id.optional(),
  replyMessageId: id.optional(),
  attachments: z.array(z.url()).max(20).readonly().optional(),
}

/** Every action type with the shape of its parameters. Times are ms since 1970 or ISO 8601 with an offset. */
export const actionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('read_contact'), contactId: id }),
  z.strictObject({
    type: z.literal('search_contacts'),
    query: z.string().max(500).optional(),
    filters: z.array(json).readonly().optional(),
    limit: z.number().int().min(1).max(500).optional(),
  }),
  z.strictObject({ type: z.literal('read_pipeline') }),
  z.strictObject({ type: z.literal('read_calendar'), calendarId: id.optional(), userId: id.optional(), from: time, to: time }),
  z.strictObject({ type: z.literal('get_templates'), limit: z.number().int().min(1).max(500).optional() }),
  z.strictObject({ type: z.literal('create_contact'), contact: json }),
  z.strictObject({ type: z.literal('update_contact'), contactId: id, contact: json }),
  z.strictObject({ type: z.literal('add_tag'), contactId: id, tags: z.array(z.string().min(1)).min(1).readonly() }),
  z.strictObject({ type: z.literal('remove_tag'), contactId: id, tags: z.array(z.string().min(1)).min(1).readonly() }),
  z.strictObject({
    type: z.literal('create_task'),
    contactId: id,
    title: z.string().min(1),
    body: z.string().optional(),
    dueDate: time,
    assignedTo: id.optional(),
  }),
  z.strictObject({ type: z.literal('update_opportunity'), opportunityId: id, opportunity: json }),
  z.strictObject({ type: z.literal('create_calendar_event'), event: json }),
  z.strictObject({ type: z.literal('update_calendar_event'), eventId: id, event: json }),
  z.strictObject({ type: z.literal('delete_calendar_event'), eventId: id }),
  z.strictObject({ type: z.literal('send_email'), ...email }),
  z.strictObject({
    type: z.literal('send_sms'),
    contactId: id,
    message: z.string(),
    to: address.optional(),
    from: address.optional(),
    attachments: z.array(z.url()).max(20).readonly().optional(),
  }),
  z.strictObject({ type: z.literal('schedule_email'), ...email, sendAt: time }),
  z.strictObject({
    type: z.literal('trigger_workflow'),
    contactId: id,
    workflowId: id,
    eventStartTime: z.iso.datetime({ offset: true }).optional(),
  }),
  z.strictObject({ type: z.literal('bulk_create_contacts'), contacts: z.array(json).min(1).readonly() }),
  z.strictObject({
    type: z.literal('bulk_update_contacts'),
    contactIds: z.array(id).min(1).readonly(),
    tags: z.array(z.string().min(1)).min(1).readonly(),
    mode: z.enum(['add', 'remove']),
  }),
  z.strictObject({
    type: z.literal('bulk_send_email'),
    campaignId: id,
    contactIds: z.array(id).min(1).readonly(),
    sendAt: time.optional(),
  }),
  z.strictObject({ type: z.literal('delete_contact'), contactId: id }),
  z.strictObject({ type: z.literal('bulk_delete'), contactIds: z.array(id).min(1).readonly() }),
  z.strictObject({
    type: z.literal('ghl_request'),
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    /** Path below the GHL host, e.g. `/contacts/abc/notes`. */
    path: z.string().startsWith('/').max(2000),
    query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])).optional(),
    body: z.unknown().optional(),
    /** The `Version` header; default: the newest dated one GHL documents for the operation. */
    version: z
      .string()
      .regex(/^[\w.-]{1,20}$/, 'expected a version such as 2021-07-28 or v3')
      .optional(),
  }),
])

/** What an agent wants. Anything without a type of its own is a `ghl_request`. */
export type Action = z.infer<typeof actionSchema>
export type ActionType = Action['type']

export const ACTION_TYPES = actionSchema.options.map((option) => option.shape.type.value) as readonly ActionType[]

export interface ActionRule {
  readonly risk: Risk
  readonly permission: Permission
  readonly breaker: string
  /** Key of the role's limit per hour that counts this action. */
  readonly limitKey: string
}

/** Risk, permission, breaker and agent limit of the named actions. A `ghl_request` takes them from its operation. */
export const ACTION_RULES: Readonly<Record<Exclude<ActionType, 'ghl_request'>, ActionRule>> = {
  read_contact: rule('low', 'read_contacts', 'ghl_api', 'read_contact'),
  search_contacts: rule('low', 'read_contacts', 'ghl_api', 'read_contacts'),
  read_pipeline: rule('low', 'read_leads', 'ghl_api', 'read_pipeline'),
  read_calendar: rule('low', 'read_analytics', 'ghl_api', 'read_calendar'),
  get_templates: rule('low', 'read_crm', 'ghl_api', 'get_templates'),
  create_contact: rule('medium', 'write_contacts', 'ghl_api', 'create_contact'),
  update_contact: rule('medium', 'write_contacts', 'ghl_api', 'update_contact'),
  add_tag: rule('medium', 'write_contacts', 'ghl_api', 'add_tag'),
  remove_tag: rule('medium', 'write_contacts', 'ghl_api', 'remove_tag'),
  create_task: rule('medium', 'write_contacts', 'ghl_api', 'create_task'),
  update_opportunity: rule('medium', 'write_leads', 'ghl_api', 'update_opportunity'),
  create_calendar_event: rule('medium', 'write_crm', 'ghl_api', 'create_calendar_event'),
  update_calendar_event: rule('medium', 'write_crm', 'ghl_api', 'update_calendar_event'),
  delete_calendar_event: rule('medium', 'write_crm', 'ghl_api', 'delete_calendar_event'),
  send_email: rule('high', 'send_email', 'email_sending', 'email_send'),
  send_sms: rule('high', 'send_sms', 'ghl_api', 'sms_send'),
  schedule_email: rule('high', 'send_email', 'email_sending', 'email_send'),
  trigger_workflow: rule('high', 'trigger_workflow', 'ghl_api', 'workflow_trigger'),
  bulk_create_contacts: rule('critical', 'write_contacts', 'ghl_api', 'bulk_create_contacts'),
  bulk_update_contacts: rule('critical', 'write_contacts', 'ghl_api', 'bulk_update_contacts'),
  bulk_send_email: rule('critical', 'send_bulk', 'email_sending', 'bulk_send'),
  delete_contact: rule('critical', 'delete_contacts', 'ghl_api', 'delete_contact'),
  bulk_delete: rule('critical', 'delete_contacts', 'ghl_api', 'bulk_delete'),
}

function rule(risk: Risk, permission: Permission, breaker: string, limitKey: string): ActionRule {
  return { risk, permission, breaker, limitKey }
}

/** Evidence that what an action says about its contact was checked. */
export interface Grounding {
  /** Where it was checked: `supabase`, `ghl`, `clay`, `rb2b`, `manual`. */
  readonly source: string
  /** The record that was checked. For contacts of GHL: the contact id. */
  readonly dataId: string
  /** When, ms since 1970 or ISO 8601 with an offset. */
  readonly verifiedAt: number | string
  /** The contact the record is about, where `dataId` is not the contact id itself. */
  readonly contactId?: string
}
