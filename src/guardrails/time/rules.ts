import { CHANNELS } from '../../core/contact.js'
import type { Rule } from '../rules/rule.js'
import { CALLING_LAWS } from './laws.js'

const own = { pack: 'product', jurisdiction: 'all', asOf: '2026-11-25', source: 'own' } as const

/** What `Reason.rule` says when a channel's own hours are closed. */
export const WORKING_HOURS = 'time.working-hours'
export const TEXTING_HOURS = 'time.texting-hours'

/** Every rule of time, for the documentation. */
export const TIME_RULES: readonly Rule[] = [
  {
    ...own,
    id: WORKING_HOURS,
    channels: ['email'],
    verdict: 'block',
    says: 'E-mail leaves Monday to Friday from 08:00 to before 18:00 in every zone the recipient may be in.',
  },
  {
    ...own,
    id: TEXTING_HOURS,
    channels: CHANNELS.filter((channel) => channel !== 'email'),
    verdict: 'block',
    says: 'Everything else leaves daily from 08:00 to before 21:00 in every zone the recipient may be in.',
    source: '47 CFR 64.1200(c)(1), kept for all recipients',
  },
  {
    ...own,
    id: 'time.unknown_zone',
    channels: CHANNELS,
    verdict: 'hold',
    says: 'Nothing tells the recipient’s zone: neither the contact’s zone, nor its number, nor its address.',
  },
  {
    ...own,
    id: 'time.no_common_window',
    channels: CHANNELS,
    verdict: 'hold',
    says: 'The zones the recipient may be in are never open together within 15 days.',
  },
  {
    ...own,
    id: 'time.schedule',
    channels: CHANNELS,
    verdict: 'block',
    says: 'A schedule lies in the past, more than a year ahead, or GHL may move it out of the hours.',
  },
  ...CALLING_LAWS.map(({ rule }) => rule),
]
