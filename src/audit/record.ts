import type { Risk } from '../core/action.js'
import { canonicalJson, freezeJson, type Json, type JsonObject } from '../core/json.js'

/**
 * One line of the audit: plain JSON. It never holds message bodies, addresses or secrets; a contact is
 * named by its `pseudonym`, free text goes through `redact` first.
 */
export interface AuditRecord {
  readonly v: 1
  /** ms since 1970 */
  readonly at: number
  readonly kind: 'intent' | 'outcome' | 'refusal' | 'approval' | 'operator' | 'system'
  readonly actionId?: string
  readonly agent?: string
  /** Action type, e.g. `send_email`. */
  readonly action?: string
  /** GHL operation, e.g. `POST /conversations/messages`. */
  readonly operation?: string
  readonly risk?: Risk
  readonly locationId?: string
  /** Pseudonymous reference to the contact. */
  readonly subject?: string
  readonly stage?: string
  readonly verdict?: 'allow' | 'deny' | 'hold'
  /** Outcome status, e.g. `executed`. */
  readonly status?: string
  /** Reason codes. */
  readonly codes?: readonly string[]
  /** The numbers behind the reasons: limits, counts, times. */
  readonly data?: JsonObject
  readonly policyVersion?: string
  readonly mode?: string
  /** SHA-256 of the canonical request. */
  readonly requestDigest?: string
  /** An agent tried what its role does not allow. */
  readonly violation?: true
  readonly approvalId?: string
  /** The campaign the agent named. */
  readonly campaign?: string
  /** What the agent said the message is for. */
  readonly purpose?: 'commercial' | 'transactional'
  /** Where the evidence for the action came from and when it was checked. */
  readonly grounding?: JsonObject
  /** The consent that came with the call: channel, status, basis, when, where its proof is. */
  readonly consent?: JsonObject
  /** Who did it, where it was a person: an approver, an operator. */
  readonly by?: string
  /** Redacted free text. */
  readonly note?: string
}

/** The bytes of a record that are hashed and stored. Throws `JsonFaultError` for what JSON cannot carry. */
export function recordText(record: AuditRecord): string {
  return canonicalJson(isClean(record) ? record : freezeJson(record))
}

/** Copying costs more than hashing: only what JSON cannot carry as it stands is copied, or refused with its path. */
function isClean(value: unknown): value is Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object': {
      if (value === null) return true
      if (Array.isArray(value)) return value.every(isClean)
      if (Object.getPrototypeOf(value) !== Object.prototype) return false
      for (const key in value) {
        if (key === 'constructor' || key === 'prototype' || !isClean((value as Record<string, unknown>)[key])) return false
      }
      return !Object.hasOwn(value, '__proto__')
    }
    default:
      return false
  }
}
