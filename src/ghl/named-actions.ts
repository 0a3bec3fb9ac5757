import type { ActionType } from '../core/action.js'

export type NamedAction = Exclude<ActionType, 'ghl_request'>

/**
 * Operations that are a named action whenever they are called. Two more depend on the request: the message
 * endpoint (by channel) and the bulk tag update (adding and removing are named, wiping all tags is not).
 */
const NAMED: Readonly<Record<string, NamedAction>> = {
  'GET /contacts/{contactId}': 'read_contact',
  'POST /contacts/search': 'search_contacts',
  'GET /contacts': 'search_contacts',
  'GET /contacts/search/duplicate': 'search_contacts',
  'GET /opportunities/pipelines': 'read_pipeline',
  'GET /calendars/events': 'read_calendar',
  'GET /emails/builder': 'get_templates',
  'GET /emails/locations/{locationId}/templates': 'get_templates',
  'GET /locations/{locationId}/templates': 'get_templates',
  'POST /contacts': 'create_contact',
  'PUT /contacts/{contactId}': 'update_contact',
  'POST /contacts/{contactId}/tags': 'add_tag',
  'DELETE /contacts/{contactId}/tags': 'remove_tag',
  'POST /contacts/{contactId}/tasks': 'create_task',
  'PUT /opportunities/{id}': 'update_opportunity',
  'PUT /opportunities/{id}/status': 'update_opportunity',
  'POST /calendars/events/appointments': 'create_calendar_event',
  'PUT /calendars/events/appointments/{eventId}': 'update_calendar_event',
  'DELETE /calendars/events/{eventId}': 'delete_calendar_event',
  'POST /contacts/{contactId}/workflow/{workflowId}': 'trigger_workflow',
  'POST /emails/locations/{locationId}/campaigns/emails/{campaignId}/schedule': 'bulk_send_email',
  'DELETE /contacts/{contactId}': 'delete_contact',
}

/** The named action an operation always is, by operation id. */
export function namedAction(operationId: string): NamedAction | undefined {
  return NAMED[operationId]
}
