import type { Json } from '../core/json.js'
import { type Reason, type ReasonCode, reason } from '../core/reason.js'
import { type Approval, isExpired } from './approval.js'
import { isSealIntact } from './seal.js'

export interface Refused {
  readonly refused: Reason
}

export function refuse(approval: Approval, code: ReasonCode, message: string, data: Record<string, Json> = {}): Refused {
  return { refused: reason('approval', code, `Approval ${approval.id}: ${message}`, { approvalId: approval.id, ...data }) }
}

/** What ends every step on an approval: a broken seal, then its time. */
export function refuseUnsound(approval: Approval, at: number, key: string | undefined): Refused | undefined {
  if (!isSealIntact(approval, key)) {
    return refuse(approval, 'approval.tampered', 'what is stored is not what was sealed. Ask again, and find out who changed it.')
  }
  if (isExpired(approval, at)) {
    const when = Number.isFinite(approval.expiresAt) ? new Date(approval.expiresAt).toISOString() : 'an unknown time'
    return refuse(approval, 'approval.expired', `it ended at ${when}. Ask again.`, {
      expiresAt: approval.expiresAt,
      at: Number.isFinite(at) ? at : null,
    })
  }
  return undefined
}
