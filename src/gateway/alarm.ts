import { type Alert, type AlertChannel, oncePer } from '../alerts/index.js'
import { redact } from '../audit/index.js'
import type { Core } from './core.js'

/** The same news is not repeated for this long. */
const QUIET_MS = 600_000

/** Tells the host's alert channel what a person should hear about. A channel that fails changes nothing else. */
export function raiseAlarms({ events, clock }: Core, channel: AlertChannel): void {
  const quiet = oncePer(QUIET_MS, channel)
  const say = (alert: Omit<Alert, 'at'>) => {
    quiet.send({ ...alert, at: clock.now() }).catch(() => {
      // Nobody is left to tell: the audit has it.
    })
  }
  events.on('system', ({ type, by, reason = '', elsewhere }) => {
    // Whoever did it told the same people.
    if (type === 'report' || elsewhere) return
    const level = type === 'emergency_stop' ? 'critical' : 'info'
    say({
      level,
      code: `system.${type}`,
      subject: `${by} ${clock.now()}`,
      message: redact(`${type} by ${by}${reason && `: ${reason}`}`),
    })
  })
  events.on('breaker', ({ name, to }) => {
    if (to === 'open')
      say({ level: 'warning', code: 'breaker.open', subject: name, message: `Circuit breaker '${name}' opened.` })
  })
  events.on('domain', ({ domain, until, reason }) => {
    const how = until === undefined ? 'is stopped' : `rests until ${new Date(until).toISOString()}`
    say({ level: 'warning', code: 'domain.stopped', subject: domain, message: `${domain} ${how}: ${reason}` })
  })
  events.on('scheduled', ({ actionId, messageId, sendAt, cancelled, reason = '' }) => {
    if (cancelled) return
    const name = messageId === undefined ? `The message of action ${actionId}` : `Message ${messageId}`
    const at = new Date(sendAt).toISOString()
    const message = `${name} goes to somebody on the suppression list at ${at} and could not be cancelled: ${reason} Cancel it in GHL, or call scheduled.cancelSuppressed() again.`
    say({ level: 'critical', code: 'scheduled.not_cancelled', subject: actionId, message })
  })
  events.on('approval', ({ id, status, agent, action }) => {
    if (status === 'pending')
      say({ level: 'info', code: 'approval.required', subject: id, message: `${action} by ${agent} waits for approval ${id}.` })
  })
  events.on('outcome', (outcome) => {
    if (outcome.status !== 'unknown') return
    say({
      level: 'warning',
      code: 'outcome.unknown',
      subject: outcome.actionId,
      message: `${outcome.action} by ${outcome.agent} may have happened: look at unknowns.list().`,
    })
  })
  events.on('unread', ({ call, reason }) => {
    const message = `GHL could not be read (${call}): ${reason} What depends on it stays open, and is read again the next time.`
    say({ level: 'warning', code: 'ghl.unread', subject: call, message })
  })
  events.on('fault', (error) => {
    const message = redact(error instanceof Error ? error.message : String(error))
    say({
      level: 'critical',
      code: 'storage.fault',
      subject: message.slice(0, 80),
      message: `The gateway cannot trust its storage, so nothing is sent: ${message}`,
    })
  })
}
