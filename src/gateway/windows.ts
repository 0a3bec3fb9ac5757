import type { Op } from '../core/storage-ops.js'
import { charge, type LimitWindow } from '../limits/index.js'
import type { Attempt } from './attempt.js'
import type { GatewayPolicy } from './config.js'
import type { Lane } from './judge.js'
import { mailCount } from './people.js'

/** Every limit one action has to fit into. The shadow lane counts apart, so that its answers are those of a live day. */
export function windowsFor(attempt: Attempt, policy: GatewayPolicy, lane: Lane): readonly LimitWindow[] {
  const { classified, agent } = attempt
  const { limits, account } = policy
  const prefix = lane === 'shadow' ? 'shadow/' : ''
  const sendAt = classified.message?.sendAt
  const place = { location: attempt.location, zone: account.timeZone, prefix, ...(sendAt !== undefined && { at: sendAt }) }
  const windows: LimitWindow[] = [...limits.agent(agent).windows({ agent, limitKey: classified.limitKey, prefix })]
  if (classified.message?.channel === 'email') windows.push(...limits.email.windows({ ...place, recipients: mailCount(attempt) }))
  // RCS is the same sender on the same carriers, and falls back to SMS.
  if (classified.message?.channel === 'sms' || classified.message?.channel === 'rcs')
    windows.push(...limits.sms.windows({ ...place, recipients: { total: classified.message.recipients.length } }))
  if (classified.action === 'bulk_send_email')
    windows.push(...limits.email.bulk({ ...place, recipients: { total: classified.recipients } }))
  // The look-ups were real in either lane.
  const calls = (lane === 'live' ? 1 : 0) + attempt.lookups
  if (calls > 0) windows.push(...limits.ghl.windows({ location: attempt.location, calls }))
  return windows
}

/** GHL calls already made for looking a contact up: counted without asking whether they fit. */
export function countedOps({ location, lookups }: Attempt, { limits }: GatewayPolicy, now: number): readonly Op[] {
  return lookups === 0 ? [] : limits.ghl.windows({ location, calls: lookups }).flatMap((window) => charge(window, lookups, now))
}
