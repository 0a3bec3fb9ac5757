import { guardrailDefaults, sendWindow } from '../../src/guardrails/index.js'

/** Prints openings around every change of clocks of 2026, for comparing hosts in several zones. */
const ZONES = ['America/New_York', 'Europe/London', 'Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Chatham', 'America/Havana']
for (const timeZone of ZONES) {
  for (let at = Date.parse('2026-01-01T03:17:00Z'); at < Date.parse('2027-01-01T00:00:00Z'); at += 41 * 3_600_000) {
    console.log(timeZone, at, sendWindow({ timeZone }, 'email', guardrailDefaults, at).nextAllowed?.toISOString())
  }
}
