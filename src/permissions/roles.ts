import { PERMISSIONS, type Permission } from '../core/permission.js'
import type { Role } from './policy.js'

/** Finds leads on LinkedIn. */
export const HUNTER = role({
  permissions: ['read_leads'],
  platforms: ['LinkedIn', 'Sales Navigator'],
  limitsPerHour: { linkedin_search: 100, profile_view: 50 },
})

/** Completes leads from data providers. */
export const ENRICHER = role({
  permissions: ['read_leads', 'write_leads'],
  platforms: ['Clay', 'RB2B', 'Clearbit', 'Apollo'],
  limitsPerHour: { enrichment_call: 500, api_request: 1000 },
})

/** Sorts leads into segments. */
export const SEGMENTOR = role({
  permissions: ['read_leads', 'write_leads', 'read_analytics'],
  platforms: ['Supabase', 'PostgreSQL'],
  limitsPerHour: { segment_update: 200, batch_operation: 50 },
})

/** Writes campaigns. Sends nothing. */
export const CRAFTER = role({
  permissions: ['read_leads', 'write_leads', 'read_contacts'],
  platforms: ['GoHighLevel'],
  limitsPerHour: { content_generation: 100, template_create: 50 },
  requiresApprovalFor: ['send_email', 'send_sms'],
})

/** Approves and rejects campaigns. */
export const GATEKEEPER = role({
  permissions: ['approve_campaign', 'reject_campaign', 'read_leads', 'read_contacts', 'read_analytics'],
  platforms: ['GoHighLevel', 'Supabase', 'All'],
  limitsPerHour: { approval_decision: 500 },
})

/** Sends, and keeps contacts and leads in GoHighLevel. */
export const GHL_MASTER = role({
  permissions: [
    'send_email',
    'send_sms',
    'send_bulk',
    'trigger_workflow',
    'read_leads',
    'write_leads',
    'read_contacts',
    'write_contacts',
  ],
  platforms: ['GoHighLevel'],
  limitsPerHour: { email_send: 500, sms_send: 200, bulk_send: 10 },
  requiresApprovalFor: ['send_bulk', 'modify_workflow'],
})

/** The seventeen permissions of the replaced system. The six newer ones have to be granted by a role of your own. */
const QUEEN_PERMISSIONS: readonly Permission[] = PERMISSIONS.slice(0, PERMISSIONS.indexOf('admin_access') + 1)

/** Everything the replaced system knew, everywhere. */
export const QUEEN = role({ permissions: QUEEN_PERMISSIONS, platforms: ['All'] })

/** The predefined roles by name. */
export const ROLES = Object.freeze({ HUNTER, ENRICHER, SEGMENTOR, CRAFTER, GATEKEEPER, GHL_MASTER, QUEEN })

export type RoleName = keyof typeof ROLES

function role(role: Role): Role {
  for (const part of Object.values(role)) Object.freeze(part)
  return Object.freeze(role)
}
