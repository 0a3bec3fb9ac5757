import { domainToASCII } from 'node:url'
import { sha256 } from '../core/json.js'
import { memoize } from '../core/memo.js'

const SAFE = /^[A-Za-z0-9._@:+-]{1,64}$/

/** A name as one segment of a storage key (ASCII, short, no slash). Names that do not fit are hashed. */
export const keyPart = memoize(2000, (name) => (SAFE.test(name) ? name : `~${sha256(name).slice(0, 32)}`))

/** One spelling per domain, so that case, white space, a final dot or Unicode never open a second count. */
export const domainName = memoize(2000, (domain) => {
  const plain = domain.trim().toLowerCase().replace(/\.$/, '')
  return domainToASCII(plain) || plain || 'unknown'
})
