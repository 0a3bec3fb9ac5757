import type { Message } from '../../../src/core/message.js'
import { checkMessage, guardrailDefaults, type MessageFacts } from '../../../src/guardrails/index.js'
import { contact, email, grounding } from '../../../src/testing/builders.js'
import { measure } from '../measure.js'
import type { Row } from '../report.js'
import { shapes } from './content-shapes.js'

const NOW = Date.parse('2026-03-02T15:00:00Z')
const FACTS: MessageFacts = { now: NOW, contact: contact(), grounding: grounding(), senderDomain: 'agency.example' }
const LONG_MAIL = 20_000
const SHORT = 48_000
const LONG = 192_000
/** Shapes printed on one line. */
const PER_LINE = 6

/** All guardrails of one message, and how their time grows with the worst texts we know. */
export async function content(): Promise<readonly Row[]> {
  const { html = '' } = email()
  const usual = Array.from({ length: 1000 }, (_, index) =>
    email({ subject: `Notes from our call, ${index}`, html: `${html}<!-- ${index} -->` }),
  )
  const times = Math.ceil(LONG_MAIL / html.length)
  const long = Array.from({ length: 50 }, (_, index) =>
    email({ html: `${Array.from({ length: times }, () => html).join('\n')}<i>${index}</i>` }),
  )
  const took = await measure({
    usual: { n: 10_000, each: true, run: (n, times) => checks(n, times, usual) },
    long: { n: 500, each: true, run: (n, times) => checks(n, times, long) },
  })
  printGrowth()
  return [
    { what: `every guardrail, e-mail of ${html.length} characters`, rounds: took.usual, target: { p50AtMost: 15 } },
    {
      what: `every guardrail, e-mail of ${Math.round((html.length * times) / 1000)} kB`,
      rounds: took.long,
      target: { p50AtMost: 1000 },
    },
  ]
}

function checks(n: number, times: Float64Array | undefined, messages: readonly Message[]): void {
  for (let i = 0; i < n; i++) {
    const start = performance.now()
    checkMessage(messages[i % messages.length] as Message, guardrailDefaults, FACTS)
    if (times) times[i] = performance.now() - start
  }
}

/** Each shape at two lengths: a time per character that stays the same means linear. */
function printGrowth(): void {
  const lines = shapes().map(({ name, make }) => {
    const short = best(make(SHORT))
    const long = best(make(LONG))
    return { name, long, ratio: long / short / (LONG / SHORT) }
  })
  lines.sort((a, b) => b.ratio - a.ratio)
  const slowest = lines.toSorted((a, b) => b.long - a.long).slice(0, 5)
  console.log(
    `\n${lines.length} hostile texts, ${SHORT / 1000} kB and ${LONG / 1000} kB; growth per character (1 = linear), highest first:`,
  )
  const at = (part: number) => lines[Math.floor((lines.length - 1) * part)]?.ratio.toFixed(2)
  console.log(`  highest ${at(0)}, one in ten above ${at(0.1)}, median ${at(0.5)}, lowest ${at(1)}`)
  for (let from = 0; from < lines.length; from += PER_LINE)
    console.log(
      `  ${lines
        .slice(from, from + PER_LINE)
        .map(({ name, ratio }) => `${ratio.toFixed(2)} ${name}`)
        .join('   ')}`,
    )
  console.log('slowest at the longer length:')
  for (const { name, ratio, long } of slowest) console.log(`  ${long.toFixed(1)} ms  ${name} (growth ${ratio.toFixed(2)})`)
}

/** Best of three, ms. */
function best(message: Message): number {
  let least = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 3; turn++) {
    // Another subject each time: the same message would not be read again.
    const another = { ...message, subject: `${message.subject ?? ''} ${turn}` }
    const start = performance.now()
    checkMessage(another, guardrailDefaults, FACTS)
    least = Math.min(least, performance.now() - start)
  }
  return least
}
