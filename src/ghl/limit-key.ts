import { ACTION_RULES } from '../core/action.js'
import { OPERATIONS, type Operation } from './operations.js'

/** Of a message on a channel other than e-mail and SMS. */
export const MESSAGE_SEND = 'message_send'

/** The agent limit that counts an operation which is no named action. Back doors count on the same limit as the front door; the rest counts by kind. */
export function limitKeyOf({ id, kind, permission, protective }: Operation): string {
  if (id === 'POST /contacts/upsert') return 'create_contact'
  if (permission === 'send_bulk') return 'bulk_send'
  if (kind === 'read' && permission === 'read_contacts') return 'read_contacts'
  if (kind === 'send' && permission === 'send_message') return MESSAGE_SEND
  if (permission === 'trigger_workflow' && !protective) return 'workflow_trigger'
  return `ghl_${kind}`
}

/** Every agent limit that some action counts on. */
export function limitKeys(): ReadonlySet<string> {
  return new Set([...Object.values(ACTION_RULES).map(({ limitKey }) => limitKey), MESSAGE_SEND, ...OPERATIONS.map(limitKeyOf)])
}
