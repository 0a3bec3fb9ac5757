// npm run prove -- <name> [engine ...]: prints the figures of a proof, and fails when they do not hold.
import { SHARED_ENGINES } from './engines.js'
import { FULL, faultsOf, lineOf, neverExceed } from './never-exceed.js'
import { WAYS } from './never-exceed-work.js'

async function proveNeverExceed(engines: readonly string[]): Promise<readonly string[]> {
  const { processes, attempts, callers, perMonth, perDomain, domains } = FULL
  console.log(
    `never-exceed: ${processes} processes x ${attempts} attempts, ${callers} at once each, limits ${perMonth} a month and ${perDomain} for each of ${domains} domains`,
  )
  const faults: string[] = []
  for (const engine of engines) {
    const missing = await SHARED_ENGINES[engine]?.missing()
    if (missing !== undefined) {
      faults.push(`${engine}: ${missing}`)
      continue
    }
    for (const way of WAYS) {
      const figures = await neverExceed(engine, way)
      console.log(lineOf(figures, processes * attempts))
      faults.push(...faultsOf(figures).map((fault) => `${engine}: ${fault}`))
    }
  }
  return faults
}

const PROOFS: Readonly<Record<string, (engines: readonly string[]) => Promise<readonly string[]>>> = {
  'never-exceed': proveNeverExceed,
}

const [name = '', ...engines] = process.argv.slice(2)
const proof = PROOFS[name]
if (proof === undefined) {
  console.error(`No proof ${JSON.stringify(name)}. There are: ${Object.keys(PROOFS).join(', ')}.`)
  process.exitCode = 1
} else {
  const faults = await proof(engines.length > 0 ? engines : Object.keys(SHARED_ENGINES))
  for (const fault of faults) console.log(`DOES NOT HOLD  ${fault}`)
  console.log(faults.length === 0 ? 'holds' : `${faults.length} do not hold`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
