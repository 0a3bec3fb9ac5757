// npm run check: everything that has to hold, in one command. `-- --except tests` leaves a step out; `-- lint types` runs only those.
import { spawnSync } from 'node:child_process'
import { VECTORS } from '../conformance/suites.js'

/** A step that takes longer hangs. */
const STEP_LIMIT_MS = 10 * 60_000

const suites = Object.entries(VECTORS).map(([suite, file]) => [
  'npm',
  'run',
  '--silent',
  'conformance',
  '--',
  suite,
  `test/vectors/${file}`,
])

const STEPS: { readonly [name: string]: readonly (readonly string[])[] } = {
  lint: [['npm', 'run', '--silent', 'lint']],
  types: [['npm', 'run', '--silent', 'types']],
  knip: [['npm', 'run', '--silent', 'knip']],
  tests: [['npm', 'test', '--silent']],
  package: [['npm', 'run', '--silent', 'package']],
  conformance: suites,
  demo: [['npm', 'run', '--silent', 'demo']],
}

const args = process.argv.slice(2)
const except = args[0] === '--except'
const named = except ? args.slice(1) : args
const unknown = named.filter((name) => !Object.hasOwn(STEPS, name))
if (unknown.length > 0) throw new Error(`there is no step ${unknown.join(', ')}; there are ${Object.keys(STEPS).join(', ')}`)

const chosen = Object.keys(STEPS).filter((name) => named.length === 0 || named.includes(name) !== except)
const failed = chosen.filter((name) => !holds(name, STEPS[name] ?? []))
console.log(failed.length === 0 ? `check: all of ${chosen.join(', ')} hold` : `check: FAILED ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

function holds(name: string, commands: readonly (readonly string[])[]): boolean {
  console.log(`\n== ${name}`)
  const began = Date.now()
  const bad = commands.filter(([command = '', ...rest]) => {
    const { status } = spawnSync(command, rest, { stdio: ['ignore', 'inherit', 'inherit'], timeout: STEP_LIMIT_MS })
    return status !== 0
  })
  for (const command of bad) console.log(`FAILED: ${command.join(' ')}`)
  console.log(`== ${name}: ${bad.length === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  return bad.length === 0
}
