import { sha256 } from '../core/json.js'
import { liveShare, type RolloutMode } from './mode.js'

/**
 * Is this subject (a contact id) live or shadow? In a pilot a hash of the subject answers: the same in every
 * process and after every restart, and whoever is in a pilot of 10 % is in one of 25 % too. Another `salt`
 * (a campaign, say) draws another sample. Without a subject a pilot is shadow.
 */
export function decideRollout(mode: RolloutMode, subject: string, salt = ''): 'live' | 'shadow' {
  if (mode === 'live') return 'live'
  if (mode === 'shadow') return 'shadow'
  const share = liveShare(mode)
  if (share === 1) return 'live'
  return subject !== '' && position(subject, salt) < share ? 'live' : 'shadow'
}

/** Where a subject stands between 0 and 1: the first 48 bits of a SHA-256. Lengths keep (a, bc) apart from (ab, c). */
function position(subject: string, salt: string): number {
  return Number.parseInt(sha256(`${salt.length}:${salt}${subject}`).slice(0, 12), 16) / 2 ** 48
}
