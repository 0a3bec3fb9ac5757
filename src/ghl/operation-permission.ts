import { ACTION_RULES } from '../core/action.js'
import type { Permission } from '../core/permission.js'
import { namedAction } from './named-actions.js'
import type { OperationKind, Reach } from './operations.js'

interface Facts {
  readonly id: string
  readonly path: string
  readonly service: string
  readonly kind: OperationKind
  readonly reach?: Reach
  readonly money?: true
  readonly bulk?: true
  readonly secret?: true
  readonly consent?: string
}

/** The one permission an operation needs: that of the named action it is, else the first rule that fits. */
export function permissionOf(facts: Facts): Permission {
  if (facts.secret) return 'admin_access'
  const action = namedAction(facts.id)
  if (action !== undefined) return ACTION_RULES[action].permission
  const rules = facts.kind === 'read' ? READS : WRITES
  return rules.find(([fits]) => fits(facts))?.[1] ?? (facts.kind === 'read' ? 'read_crm' : 'write_crm')
}

type Rule = readonly [fits: (facts: Facts) => boolean, permission: Permission]

const READS: readonly Rule[] = [
  [inPath('/messages/export'), 'export_data'],
  [inPath('/reporting', '/statistics', '/stats'), 'read_analytics'],
  [from('opportunities'), 'read_leads'],
  [from('contacts', 'conversations'), 'read_contacts'],
  [inPath('/submissions', '/call-logs', '/tasks/search'), 'read_contacts'],
  // Across locations: an agency's business, not an account's.
  [from('oauth', 'saasApi', 'snapshots', 'marketplace', 'companies'), 'admin_access'],
]

const WRITES: readonly Rule[] = [
  // Whoever may send may take it back.
  [({ id }) => id === 'DELETE /conversations/messages/email/{emailMessageId}/schedule', 'send_email'],
  [({ id }) => id === 'DELETE /conversations/messages/{messageId}/schedule', 'send_sms'],
  // Access: whoever may do these may do everything.
  [from('oauth', 'saasApi', 'snapshots', 'users', 'companies', 'mcp'), 'admin_access'],
  [is('admin', 'marketplace', 'payments'), 'admin_access'],
  [inPath('/locations', '/locations/{locationId}', '/locations/{locationId}/permissions', { whole: true }), 'admin_access'],
  // Consent. A forged inbound message ("START", "yes please") is evidence of consent that never was.
  [({ consent }) => consent === 'subscription' || consent === 'subtypes', 'manage_consent'],
  [inPath('/conversations/messages/inbound', { whole: true }), 'manage_consent'],
  // Mass mail.
  [from('bulkActions'), 'send_bulk'],
  [({ service, bulk }) => service === 'emails' && bulk === true, 'send_bulk'],
  // Whatever acts by itself afterwards: running it, and defining it.
  [
    inPath('/workflow/', '/campaigns/{campaignId}', '/campaigns/removeAll', '/campaigns/remove-all', { of: 'contacts' }),
    'trigger_workflow',
  ],
  [({ service, kind }) => service === 'agentStudio' && kind === 'send', 'trigger_workflow'],
  [from('agentStudio', 'conversationAi', 'voiceAi', 'knowledgeBase', 'emails'), 'modify_workflow'],
  [inPath('/customValues', '/templates', { of: 'locations' }), 'modify_workflow'],
  [inPath('/notifications', { of: 'calendars' }), 'modify_workflow'],
  // Money.
  [({ money }) => money === true, 'spend_money'],
  // People's data handed to an advertising network.
  [inPath('/member', '/offline-user-list-job', { of: 'adManager', kind: 'bulk' }), 'export_data'],
  // Settings.
  [is('admin', 'adManager', 'customFields', 'customMenus', 'locations', 'objects', 'socialMediaPosting'), 'modify_config'],
  [({ id }) => id === 'DELETE /opportunities/pipelines/{pipelineId}', 'delete_leads'],
  [inPath('/opportunities/pipelines'), 'modify_config'],
  // The public, and where links people already have lead to.
  [from('socialMediaPosting', 'blogs', 'chatWidget', 'funnels', 'links'), 'publish_content'],
  [({ reach }) => reach === 'public', 'publish_content'],
  // Leads and contacts.
  [is('delete', 'opportunities'), 'delete_leads'],
  [from('opportunities'), 'write_leads'],
  [from('contacts', 'forms'), 'write_contacts'],
  // The record of what was said to whom, consent included.
  [is('delete', 'conversations'), 'delete_contacts'],
  [({ reach }) => reach === 'direct', 'send_message'],
]

function from(...services: readonly string[]) {
  return ({ service }: Facts) => services.includes(service)
}

function is(kind: OperationKind, ...services: readonly string[]) {
  return (facts: Facts) => facts.kind === kind && services.includes(facts.service)
}

interface PathOptions {
  /** The whole path, rather than a part of it. */
  readonly whole?: true
  /** Only paths of this service. */
  readonly of?: string
  readonly kind?: OperationKind
}

function inPath(...wanted: readonly (string | PathOptions)[]) {
  const parts = wanted.filter((item) => typeof item === 'string')
  const { whole, of, kind }: PathOptions = wanted.find((item) => typeof item === 'object') ?? {}
  return (facts: Facts) =>
    (of === undefined || facts.service === of) &&
    (kind === undefined || facts.kind === kind) &&
    parts.some((part) => (whole ? facts.path === part : facts.path.includes(part)))
}
