import { createHmac, type KeyObject } from 'node:crypto'
import { sha256 } from '../core/json.js'
import { type AuditRecord, recordText } from './record.js'

/** The end of a chain: how many records it has and the hash of the last. */
export interface ChainHead {
  readonly seq: number
  /** Hex, 64 characters. */
  readonly hash: string
}

/** Records sealed together: plain JSON, to be stored as it is. */
export interface SealedSegment {
  readonly v: 1
  /** Number of the first record; the very first of a chain is 1. */
  readonly from: number
  /** Number of the last record. */
  readonly to: number
  /** Hash of the record before `from`. */
  readonly prev: string
  /** The records' bytes. They are hashed as they stand and never written anew. */
  readonly records: readonly string[]
  /** The first 8 hex digits of each record's hash, one after the other: they tell where a fault lies. */
  readonly marks: string
  /** Hash of the last record. */
  readonly hash: string
}

export interface ChainOptions {
  /** With a key the chain is HMAC-SHA-256: who lacks the key cannot seal, nor verify. At least 16 bytes. */
  readonly key?: string | Uint8Array | KeyObject
}

/** Where every chain begins. */
export const GENESIS: ChainHead = Object.freeze({ seq: 0, hash: '0'.repeat(64) })

export const MARK_LENGTH = 8

/**
 * Seals records after a head; texts are taken to be `recordText` already. Returns the new head and the
 * segment to store. Store both in one batch guarded by the version of the stored head: two sealers that
 * extend the same head come to different hashes, and only one may win.
 */
export function append(
  head: ChainHead,
  records: readonly (AuditRecord | string)[],
  options: ChainOptions = {},
): { readonly head: ChainHead; readonly segment: SealedSegment } {
  const link = linker(options)
  const texts = records.map((record) => (typeof record === 'string' ? record : recordText(record)))
  let { hash } = head
  let marks = ''
  for (const text of texts) {
    hash = link(hash, text)
    marks += hash.slice(0, MARK_LENGTH)
  }
  const to = head.seq + texts.length
  return { head: { seq: to, hash }, segment: { v: 1, from: head.seq + 1, to, prev: head.hash, records: texts, marks, hash } }
}

const DOMAIN = 'sendwarden-audit-v1'

/** Hash of a record in a chain. The hash before it has a fixed length, so that the parts cannot be shifted. */
export function linker({ key }: ChainOptions): (prev: string, text: string) => string {
  if (key === undefined) {
    return (prev, text) => sha256(DOMAIN + prev + text)
  }
  requireKey(key)
  return (prev, text) =>
    createHmac('sha256', key)
      .update(DOMAIN + prev + text)
      .digest('hex')
}

/** Throws `RangeError` for a key one could guess. */
export function requireKey(key: string | Uint8Array | KeyObject): void {
  const size =
    typeof key === 'string' ? Buffer.byteLength(key) : key instanceof Uint8Array ? key.byteLength : key.symmetricKeySize
  if (size !== undefined && size >= 16) return
  throw new RangeError(`An audit key must be a secret of at least 16 bytes, got ${size ?? 'an asymmetric key'}.`)
}
