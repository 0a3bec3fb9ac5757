import { type KeyObject, sign, verify } from 'node:crypto'
import type { ChainHead } from './chain.js'

/** A head at a time. Keep it where whoever can write the audit cannot: a log shipper, another account, an object lock. */
export interface Checkpoint extends ChainHead {
  readonly v: 1
  /** ms since 1970 */
  readonly at: number
  /** Ed25519, base64; absent when nobody signed. */
  readonly signature?: string
}

/** An Ed25519 private key, or a function that signs with one (a key service, a hardware module). */
export type CheckpointSigner = KeyObject | ((bytes: Uint8Array) => Uint8Array)

/** Notes a chain's head, signed if there is a signer. Throws `TypeError` for a key that is not a private Ed25519 key. */
export function checkpoint(head: ChainHead, signer: CheckpointSigner | undefined, now: number): Checkpoint {
  const unsigned = { v: 1, seq: head.seq, hash: head.hash, at: now } as const
  if (signer === undefined) return unsigned
  const bytes = bytesOf(unsigned)
  const signature = typeof signer === 'function' ? signer(bytes) : sign(null, bytes, requireEd25519(signer, 'private'))
  return { ...unsigned, signature: Buffer.from(signature).toString('base64') }
}

/** Whether a checkpoint was signed with the private half of an Ed25519 public key. False for whatever is no checkpoint. */
export function verifyCheckpoint(candidate: Partial<Checkpoint>, publicKey: KeyObject): boolean {
  const { v, seq, hash, at, signature } = candidate
  if (v !== 1 || seq === undefined || hash === undefined || at === undefined || typeof signature !== 'string') return false
  try {
    return verify(null, bytesOf({ v, seq, hash, at }), requireEd25519(publicKey, 'public'), Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

/** What is signed. JSON of fixed members in fixed order, after a name of its own so that no other signature fits. */
function bytesOf({ seq, hash, at }: Omit<Checkpoint, 'signature'>): Uint8Array {
  return Buffer.from(`sendwarden-checkpoint-v1${JSON.stringify([seq, hash, at])}`)
}

function requireEd25519(key: KeyObject, type: 'private' | 'public'): KeyObject {
  if (key.asymmetricKeyType === 'ed25519' && key.type === type) return key
  throw new TypeError(
    `A checkpoint needs ${type === 'private' ? 'a private' : 'a public'} Ed25519 key, got ${key.asymmetricKeyType ?? key.type}.`,
  )
}
