import type { JsonObject } from '../core/json.js'

/** Something a person should hear about. Never holds message text, addresses or secrets. */
export interface Alert {
  readonly level: 'info' | 'warning' | 'critical'
  /** What kind of thing happened, e.g. `system.emergency_stop`; alerts of one code and subject are the same news. */
  readonly code: string
  readonly subject: string
  readonly message: string
  /** ms since 1970 */
  readonly at: number
  readonly data?: JsonObject
}

/** Where alerts go. A rejection is the channel's failure; it never changes what happens to an action. */
export interface AlertChannel {
  send(alert: Alert): Promise<void>
}
