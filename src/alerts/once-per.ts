import type { Alert, AlertChannel } from './alert.js'

/** Most kinds of news remembered at once; the oldest is forgotten first. */
const MAX_REMEMBERED = 1000

/** Says the same news (code and subject) once per period, ms: a storm of failures is one alert. */
export function oncePer(periodMs: number, channel: AlertChannel): AlertChannel {
  const saidAt = new Map<string, number>()
  return {
    async send(alert) {
      const news = newsOf(alert)
      const last = saidAt.get(news)
      if (last !== undefined && alert.at - last < periodMs && alert.at >= last) return
      saidAt.delete(news)
      saidAt.set(news, alert.at)
      const [oldest] = saidAt.keys()
      if (saidAt.size > MAX_REMEMBERED && oldest !== undefined) saidAt.delete(oldest)
      try {
        await channel.send(alert)
      } catch (error) {
        // It was not said: the next one of its kind is news again.
        saidAt.delete(news)
        throw error
      }
    },
  }
}

function newsOf({ level, code, subject }: Alert): string {
  return JSON.stringify([level, code, subject])
}
