import type { AlertChannel } from './alert.js'

/** Writes each alert as one line to stderr. */
export function consoleAlerts(write: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): AlertChannel {
  return {
    async send({ level, code, message, at }) {
      write(`[sendwarden] ${new Date(at).toISOString()} ${level} ${code}: ${message}`)
    },
  }
}
