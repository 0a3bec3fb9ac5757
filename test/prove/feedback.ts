import { createGateway } from '../../src/gateway/index.js'
import { createFakeGhl } from '../../src/testing/index.js'
import { engineNamed, proveEach } from './engines.js'
import { startWorker } from './worker.js'

/** The control commits without guards and looks for no mark: it sees neither that an event was told nor what others wrote meanwhile. */
type Way = 'sendwarden' | 'control'

export interface FeedbackSize {
  readonly processes: number
  /** Deliveries each process takes at the same time. */
  readonly callers: number
  /** Bounces, each of a mailbox of its own, all of one sending domain. */
  readonly bounces: number
  /** People who write STOP. */
  readonly stops: number
}

export interface FeedbackTask {
  readonly engine: string
  readonly namespace: string
  readonly way: Way
  readonly callers: number
  readonly publicKey: string
}

/** What GHL delivers, signed. */
export interface Delivery {
  readonly rawBody: string
  readonly headers: Readonly<Record<string, string>>
}

/** How many deliveries a process took, by what came of them; `again` = asked for once more. */
export interface Taken {
  readonly handled: number
  readonly duplicate: number
  readonly again: number
  readonly other: number
}

export interface FeedbackFigures extends Taken {
  readonly way: Way
  /** Bounces the sending domain is charged with. */
  readonly bounced: number
  /** Mailboxes and contacts on the suppression list. */
  readonly suppressed: number
  readonly ms: number
}

const FULL: FeedbackSize = { processes: 4, callers: 16, bounces: 400, stops: 100 }
const DOMAIN = 'agency.example.com'

/** `feedback [engine ...]`: what GHL delivers to every process at once counts once, and holds for all of them. */
export async function prove(engines: readonly string[]): Promise<readonly string[]> {
  const { processes, callers, bounces, stops } = FULL
  console.log(
    `feedback: ${bounces} bounces and ${stops} STOPs, each delivered to all of ${processes} processes, ${callers} at once each`,
  )
  return proveEach(engines, async (engine) => {
    const faults: string[] = []
    for (const way of ['sendwarden', 'control'] as const) {
      const figures = await feedback(engine, way)
      console.log(`${engine.padEnd(9)} ${lineOf(figures)}`)
      faults.push(...faultsOf(figures))
    }
    return faults
  })
}

export async function feedback(engine: string, way: Way, size: FeedbackSize = FULL): Promise<FeedbackFigures> {
  const shared = engineNamed(engine)
  const namespace = `prove_${process.pid}_${Date.now().toString(36)}_feedback`
  await shared.prepare(namespace)
  const { publicKey, deliveries } = await deliveriesOf(size)
  const taken: Taken[] = []
  try {
    const task: FeedbackTask = { engine, namespace, way, callers: size.callers, publicKey }
    const workers = await Promise.all(
      Array.from({ length: size.processes }, () =>
        startWorker('feedback-worker.ts', task, (line) => taken.push(JSON.parse(line) as Taken)),
      ),
    )
    const started = performance.now()
    workers.forEach((worker, index) => {
      // Each begins elsewhere, and all meet.
      const from = Math.floor((index * deliveries.length) / (4 * size.processes))
      for (const each of [...deliveries.slice(from), ...deliveries.slice(0, from)]) worker.say(JSON.stringify(each))
      worker.say('end')
    })
    await Promise.all(workers.map(({ ended }) => ended))
    const ms = Math.round(performance.now() - started)
    const sum = (key: keyof Taken) => taken.reduce((total, each) => total + each[key], 0)
    const counts = { handled: sum('handled'), duplicate: sum('duplicate'), again: sum('again'), other: sum('other') }
    return { way, ...counts, ...(await kept(engine, namespace)), ms }
  } finally {
    await shared.drop(namespace)
  }
}

/** What does not hold; empty = proven. */
export function faultsOf(figures: FeedbackFigures, { processes, bounces, stops }: FeedbackSize = FULL): string[] {
  const { way, handled, duplicate, other, bounced, suppressed } = figures
  const events = bounces + stops
  if (way === 'control')
    return handled === events * processes ? [] : [`the control took ${handled} as new: it saw what it should not`]
  const faults: string[] = []
  if (handled !== events) faults.push(`${handled} deliveries were taken as new, there were ${events} events`)
  if (duplicate !== events * (processes - 1)) faults.push(`${duplicate} duplicates, expected ${events * (processes - 1)}`)
  if (other > 0) faults.push(`${other} deliveries were refused`)
  if (bounced !== bounces) faults.push(`the domain is charged with ${bounced} bounces, there were ${bounces}`)
  // A STOP by text holds for the contact; its number is not in the event.
  if (suppressed !== events) faults.push(`${suppressed} are suppressed, expected ${events}`)
  return faults
}

/** Every event once, signed by a GHL on loopback. */
async function deliveriesOf({ bounces, stops }: FeedbackSize): Promise<{ publicKey: string; deliveries: readonly Delivery[] }> {
  const fake = await createFakeGhl()
  const deliveries: Delivery[] = []
  fake.webhooks.subscribe(async ({ rawBody, headers }) => {
    deliveries.push({ rawBody: rawBody.toString(), headers })
    return 200
  })
  for (let n = 0; n < bounces; n++) await fake.emit(bounce(n))
  for (let n = 0; n < stops; n++) await fake.emit(stop(n))
  const { publicKey } = fake.webhooks
  await fake.close()
  return { publicKey, deliveries }
}

function bounce(n: number) {
  return {
    type: 'LCEmailStats',
    webhookPayload: {
      event: 'failed',
      severity: 'permanent',
      recipient: `person${n}@gone.example`,
      message: { headers: { from: `sam@${DOMAIN}` } },
      'lc-operations': { email_message_id: `mail${n}` },
    },
  }
}

function stop(n: number) {
  return {
    type: 'InboundMessage',
    contactId: `contact${n}`,
    messageType: 'SMS',
    direction: 'inbound',
    body: 'STOP',
    messageId: `stop${n}`,
    dateAdded: new Date().toISOString(),
  }
}

/** What the storage holds afterwards, read by one more process's gateway. */
async function kept(engine: string, namespace: string): Promise<Pick<FeedbackFigures, 'bounced' | 'suppressed'>> {
  const connection = await engineNamed(engine).connect(namespace)
  const gateway = createGateway({ agents: {}, storage: connection.storage })
  await gateway.open()
  const { counters } = await gateway.health.of(DOMAIN)
  let suppressed = 0
  for await (const _ of gateway.suppressions.list()) suppressed++
  await gateway.close()
  await connection.close()
  return { bounced: counters.bounces, suppressed }
}

function lineOf({ way, handled, duplicate, again, bounced, suppressed, ms }: FeedbackFigures): string {
  return `${way.padEnd(10)} new ${handled}  duplicates ${duplicate}  asked for again ${again}  bounces counted ${bounced}  suppressed ${suppressed}  ${ms} ms`
}
