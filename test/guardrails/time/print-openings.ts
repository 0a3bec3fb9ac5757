import { guardrailDefaults, sendWindow, type Whereabouts } from '../../../src/guardrails/index.js'

/** Prints openings around every change of clocks of 2026, for comparing hosts in several zones. */
const RECIPIENTS: readonly Whereabouts[] = [
  ...['America/New_York', 'Europe/London', 'Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Chatham', 'America/Havana'].map(
    (timeZone) => ({ timeZone }),
  ),
  { timeZone: 'America/Vancouver' },
  { phone: '+18505550123', state: 'TX' },
  { country: 'AU' },
]
for (const [index, recipient] of RECIPIENTS.entries()) {
  for (let at = Date.parse('2026-01-01T03:17:00Z'); at < Date.parse('2027-01-01T00:00:00Z'); at += 83 * 3_600_000) {
    const answers = (['email', 'sms', 'call'] as const).map((channel) => sendWindow(recipient, channel, guardrailDefaults, at))
    console.log(index, at, answers.map(({ reason, nextAllowed }) => `${reason} ${nextAllowed?.toISOString()}`).join(' '))
  }
}
