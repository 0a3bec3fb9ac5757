// npm run conformance -- <suite> <file.json>: judges one vectors file against the build in dist/.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { buildIfStale } from '../packaging/build-if-stale.js'
import { type CaseResult, SUITES, type SuiteName } from './suites.js'

const [name, path, ...more] = process.argv.slice(2)

try {
  const { run, vectors } = await prepare()
  process.exitCode = report(await run(vectors))
} catch (error) {
  console.error(`conformance: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 2
}

async function prepare() {
  const usage = `usage: npm run conformance -- <suite> <file.json>   suites: ${Object.keys(SUITES).join(', ')}`
  if (name === undefined || path === undefined || more.length > 0) throw new Error(`one suite and one file are needed\n${usage}`)
  if (!isSuite(name)) throw new Error(`there is no suite "${name}"\n${usage}`)
  const vectors = readVectors(path)
  await buildIfStale()
  return { run: await SUITES[name](), vectors }
}

function isSuite(text: string): text is SuiteName {
  return Object.hasOwn(SUITES, text)
}

/** Relative to where the user called npm from. */
function readVectors(file: string): unknown {
  const absolute = resolve(process.env.INIT_CWD ?? process.cwd(), file)
  try {
    return JSON.parse(readFileSync(absolute, 'utf8'))
  } catch (error) {
    throw new Error(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Prints every failure and skip, then the counts. Returns the exit code: a file without a case has shown nothing. */
function report(cases: readonly CaseResult[]): number {
  const skipped = cases.filter((item) => item.skipped !== undefined)
  const failed = cases.filter((item) => item.skipped === undefined && !item.ok)
  for (const { id, skipped: why } of skipped) console.log(`SKIP ${id}: ${why}`)
  for (const { id, expected, got } of failed) {
    console.log(`FAIL ${id}\n  expected ${JSON.stringify(expected)}\n  got      ${JSON.stringify(got)}`)
  }
  console.log(`${cases.length - failed.length - skipped.length} passed, ${failed.length} failed, ${skipped.length} skipped`)
  return failed.length > 0 || cases.length === 0 ? 1 : 0
}
