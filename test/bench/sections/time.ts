import type { Channel } from '../../../src/core/contact.js'
import { guardrailDefaults, sendWindow, type Whereabouts } from '../../../src/guardrails/index.js'
import { measure } from '../measure.js'
import type { Row } from '../report.js'

const HOUR = 3_600_000
const MONDAY = Date.parse('2026-01-12T00:00:00Z')

/** When may this recipient be written to? Asked at another minute of the year each time. */
export async function time(): Promise<readonly Row[]> {
  const open = asks({ timeZone: 'America/New_York' }, 'email', (i) => MONDAY + (i % 40) * 7 * 24 * HOUR + 15 * HOUR)
  const shut = asks({ timeZone: 'America/New_York' }, 'email', nights)
  const text = asks({ phone: '+13055550123', country: 'US', state: 'FL' }, 'sms', nights)
  const country = asks({ country: 'US' }, 'email', nights)
  const took = await measure({ open, shut, text, country })
  return [
    { what: 'sendWindow, e-mail, zone known, open', rounds: took.open, target: { p50AtMost: 2 } },
    { what: 'sendWindow, e-mail, zone known, shut', rounds: took.shut, target: { p50AtMost: 30 } },
    { what: 'sendWindow, SMS to Florida by number and state, shut', rounds: took.text, target: { p50AtMost: 30 } },
    { what: 'sendWindow, e-mail to the whole US, shut', rounds: took.country, target: { p50AtMost: 30 } },
  ]
}

/** Between 02:00 and 10:00 UTC: night in North America. */
function nights(i: number): number {
  return MONDAY + (i % 300) * 24 * HOUR + (2 * HOUR + ((i * 7) % 480) * 60_000)
}

function asks(recipient: Whereabouts, channel: Channel, at: (i: number) => number) {
  const run = (n: number, times?: Float64Array) => {
    for (let i = 0; i < n; i++) {
      const now = at(i)
      const start = performance.now()
      sendWindow(recipient, channel, guardrailDefaults, now)
      if (times) times[i] = performance.now() - start
    }
  }
  return { n: 10_000, each: true, run }
}
