import { arch, availableParallelism, cpus, loadavg, platform } from 'node:os'
import { printTable, type Row } from './report.js'
import { breaker } from './sections/breaker.js'
import { content } from './sections/content.js'
import { decision } from './sections/decision.js'
import { execute } from './sections/execute.js'
import { growth } from './sections/growth.js'
import { limits } from './sections/limits.js'
import { permissions } from './sections/permissions.js'
import { storage } from './sections/storage.js'
import { throughput } from './sections/throughput.js'
import { time } from './sections/time.js'

const SECTIONS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  decision,
  content,
  execute,
  throughput,
  growth,
  breaker,
  limits,
  permissions,
  time,
  storage,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(SECTIONS, name))
if (unknown.length > 0)
  throw new Error(`There is no section ${unknown.join(', ')}; there are ${Object.keys(SECTIONS).join(', ')}.`)

const load = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')
console.log(
  `Node ${process.version}, ${platform()} ${arch()}, ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
)
console.log(`load average before: ${load()}`)
for (const [name, section] of Object.entries(SECTIONS)) {
  if (wanted.length === 0 || wanted.includes(name)) printTable(name, await section())
}
console.log(`\nload average after: ${load()}`)
console.log(
  'p50 and p99 per operation: median of the rounds; best: best round; cpu: processor time of all threads; beside: median of the ratios within a round.',
)
process.exit(0)
