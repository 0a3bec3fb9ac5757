// npm run measure:content -- <folder>: the content scorer alone on sms-*.jsonl.gz and spamassassin-*.jsonl.gz there.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { guardrailDefaults, scoreContent } from '../../src/guardrails/index.js'

const record = z.object({
  id: z.string(),
  label: z.enum(['ham', 'spam']),
  group: z.string().optional(),
  subject: z.string().optional(),
  text: z.string().optional(),
  html: z.string().optional(),
})
export type Mail = z.infer<typeof record>

const [folder] = process.argv.slice(2)
if (folder === undefined) console.log('No folder with corpora given: nothing measured. See docs/guardrails.md.')
else measureAll(resolve(process.env.INIT_CWD ?? process.cwd(), folder))

function measureAll(dir: string): void {
  const files = readdirSync(dir).filter((name) => name.endsWith('.jsonl.gz'))
  if (files.length === 0) console.log(`No *.jsonl.gz in ${dir}: nothing measured.`)
  for (const file of files) {
    const mails = gunzipSync(readFileSync(join(dir, file)))
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => record.parse(JSON.parse(line)))
    printTable(file, mails, file.startsWith('sms') ? 'sms' : 'email')
  }
}

function printTable(file: string, mails: readonly Mail[], channel: 'sms' | 'email'): void {
  const groups = new Map<string, { count: number; warned: number; blocked: number }>()
  for (const mail of mails) {
    const { verdict } = scoreOf(mail, channel)
    for (const name of [`${mail.label} ${mail.group ?? ''}`.trim(), `${mail.label} (all)`]) {
      const group = groups.get(name) ?? { count: 0, warned: 0, blocked: 0 }
      groups.set(name, group)
      group.count++
      if (verdict === 'warn') group.warned++
      if (verdict === 'block') group.blocked++
    }
  }
  console.log(`\n${file}: the content scorer alone; ham is false positives, spam is recall`)
  console.log('| group | records | block | warn or block |\n|---|---|---|---|')
  for (const [name, { count, warned, blocked }] of [...groups].sort()) {
    console.log(`| ${name} | ${count} | ${percent(blocked, count)} | ${percent(blocked + warned, count)} |`)
  }
}

function scoreOf({ subject, text, html }: Mail, channel: 'sms' | 'email') {
  const message = {
    channel,
    recipients: [],
    ...(subject === undefined ? {} : { subject }),
    ...(text === undefined ? {} : { text }),
  }
  return scoreContent(html === undefined ? message : { ...message, html }, guardrailDefaults)
}

/** The share, and the 95 % interval of what it may be among all mails of this kind (Wilson). */
function percent(part: number, whole: number): string {
  const z = 1.96
  const share = part / whole
  const middle = share + (z * z) / (2 * whole)
  const half = z * Math.sqrt((share * (1 - share)) / whole + (z * z) / (4 * whole * whole))
  const [low = '', high = ''] = [middle - half, middle + half].map((bound) => ((100 * bound) / (1 + (z * z) / whole)).toFixed(1))
  return `${(100 * share).toFixed(2)} % (${low} to ${high})`
}
