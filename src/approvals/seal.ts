import { createHmac } from 'node:crypto'
import { canonicalJson, freezeJson, sha256 } from '../core/json.js'
import type { Approval, Unsealed } from './approval.js'

/**
 * Copies, freezes and seals every field. Without a key the seal shows damage and careless edits; with one (a
 * secret the store does not hold) nobody who can write to the store can forge or change an approval.
 */
export function sealApproval(approval: Unsealed, key?: string): Approval {
  // freezeJson copies plain JSON field by field, so the copy has the shape of the original.
  const copy = freezeJson(approval) as unknown as Unsealed
  return Object.freeze({ ...copy, seal: sealOf(copy, key) })
}

export function isSealIntact(approval: Approval, key?: string): boolean {
  const { seal, ...sealed } = approval
  try {
    return seal === sealOf(sealed, key)
  } catch {
    // It holds what JSON cannot: nobody sealed that.
    return false
  }
}

function sealOf(approval: Unsealed, key: string | undefined): string {
  const text = canonicalJson(freezeJson(approval))
  return key === undefined ? sha256(text) : createHmac('sha256', key).update(text).digest('hex')
}
