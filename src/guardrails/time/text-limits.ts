import type { Channel } from '../../core/contact.js'
import { lawsAt, type TimePolicy } from './openings.js'
import { locate, type Whereabouts } from './zones.js'

/** How often one person may be called or texted. */
export interface TextLimit {
  readonly max: number
  readonly perMs: number
  /** Id of the law. */
  readonly rule: string
}

/** What the laws of where a recipient may be say about how often it may be called or texted; none for e-mail. */
export function textLimits(recipient: Whereabouts, channel: Channel, policy: TimePolicy): readonly TextLimit[] {
  if (channel === 'email') return []
  const laws = lawsAt(locate(recipient, channel).places, channel, policy)
  return laws.flatMap(({ atMost, rule }) => (atMost === undefined ? [] : { ...atMost, rule: rule.id }))
}
