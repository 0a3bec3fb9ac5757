/**
 * What an agent may be allowed to do. The first seventeen are those of the system this library
 * replaces; the last six exist so that every GHL operation has exactly one.
 */
export const PERMISSIONS = [
  'read_leads',
  'write_leads',
  'delete_leads',
  'read_contacts',
  'write_contacts',
  'delete_contacts',
  'send_email',
  'send_sms',
  'send_bulk',
  'trigger_workflow',
  'modify_workflow',
  'read_analytics',
  'export_data',
  'approve_campaign',
  'reject_campaign',
  'modify_config',
  'admin_access',
  /** Reads that are neither contacts, leads nor analytics: calendars, templates, products, … */
  'read_crm',
  /** Writes and deletions of the same. */
  'write_crm',
  /** Anything the public sees: social posts, blogs, reviews, chat widgets, redirects. */
  'publish_content',
  /** Anything that costs or moves money: invoices, charges, wallet, numbers, ad spend. */
  'spend_money',
  /** Loosening consent: re-subscribe, DND off. */
  'manage_consent',
  /** Messages on any channel other than e-mail and SMS. */
  'send_message',
] as const

export type Permission = (typeof PERMISSIONS)[number]

const known: ReadonlySet<string> = new Set(PERMISSIONS)

export function isPermission(value: string): value is Permission {
  return known.has(value)
}
