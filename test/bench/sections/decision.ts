import type { Action } from '../../../src/core/action.js'
import { memoryStorage } from '../../../src/storage/memory.js'
import { createBench, type Mail } from '../fixture.js'
import { measure } from '../measure.js'
import type { Row } from '../report.js'

const SHORT =
  '<p>Hi there, would a short call next week be useful?</p><p>Acme, 548 Market St, San Francisco, CA 94104</p><a href="https://a.example/unsubscribe">Unsubscribe</a>'

/** A dry run: everything is judged and explained, nothing is counted, stored or sent. */
export async function decision(): Promise<readonly Row[]> {
  const { gateway, next } = createBench(memoryStorage())
  const { agent, action } = next()
  const first = await agent.check(action)
  if (first.verdict !== 'allow') throw new Error(`The mail measured should pass: ${JSON.stringify(first)}`)
  let turn = 0
  const bad = (): Mail => {
    const { agent, action } = next()
    return {
      agent,
      action: { ...action, subject: `FREE $$$ act now!!! ${turn++}`, html: '<p>Hi {{first_name}}, click here</p>' } as Action,
    }
  }
  const read = (): Mail => ({ agent: next().agent, action: { type: 'read_contact', contactId: 'contact_1' } })
  const short = (): Mail => {
    const mail = next()
    return { agent: mail.agent, action: { ...mail.action, html: SHORT } as Action }
  }
  const took = await measure({
    read: { n: 20_000, each: true, run: (n, times) => checks(n, times, read) },
    short: { n: 10_000, each: true, run: (n, times) => checks(n, times, short) },
    allowed: { n: 10_000, each: true, run: (n, times) => checks(n, times, next) },
    again: { n: 10_000, each: true, run: again },
    refused: { n: 10_000, each: true, run: (n, times) => checks(n, times, bad) },
  })
  await gateway.close()
  return [
    { what: 'check, read_contact', rounds: took.read, target: { p50AtMost: 20 } },
    { what: 'check, send_email of 150 characters, allowed', rounds: took.short, target: { p50AtMost: 20 } },
    { what: 'check, send_email of 1 kB, allowed', rounds: took.allowed, target: { p50AtMost: 20 } },
    { what: 'the same, checked a moment before', rounds: took.again },
    { what: 'check, refused with every reason', rounds: took.refused },
  ]

  async function again(n: number, times: Float64Array | undefined): Promise<void> {
    for (let i = 0; i < n; i++) {
      const { agent, action } = next()
      await agent.check(action)
      const start = performance.now()
      await agent.check(action)
      if (times) times[i] = performance.now() - start
    }
  }

  async function checks(n: number, times: Float64Array | undefined, mail: () => Mail): Promise<void> {
    for (let i = 0; i < n; i++) {
      const { agent, action } = mail()
      const start = performance.now()
      await agent.check(action)
      if (times) times[i] = performance.now() - start
    }
  }
}
