// npm run prove -- <name> [argument ...]: prints the figures of a proof, and fails when they do not hold.
import { prove as neverExceed } from './never-exceed.js'

/** Prints its figures and returns what does not hold. */
type Proof = (args: readonly string[]) => Promise<readonly string[]>

const PROOFS: Readonly<Record<string, Proof>> = {
  'never-exceed': neverExceed,
}

const [name = '', ...args] = process.argv.slice(2)
const proof = PROOFS[name]
if (proof === undefined) {
  console.error(`No proof ${JSON.stringify(name)}. There are: ${Object.keys(PROOFS).join(', ')}.`)
  process.exitCode = 1
} else {
  const faults = await proof(args)
  for (const fault of faults) console.log(`DOES NOT HOLD  ${fault}`)
  console.log(faults.length === 0 ? 'holds' : `${faults.length} do not hold`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
