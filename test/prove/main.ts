// npm run prove -- <name> [argument ...]: prints the figures of a proof, and fails when they do not hold.

import { prove as crashFile } from './crash-file.js'
import { prove as everyByte } from './every-byte.js'
import { prove as faults } from './faults.js'
import { prove as feedback } from './feedback.js'
import { prove as locks } from './locks.js'
import { prove as lostReply } from './lost-reply.js'
import { prove as neverExceed } from './never-exceed.js'
import { prove as neverLose } from './never-lose.js'
import { prove as powerLoss } from './power-loss.js'
import { prove as soak } from './soak.js'
import { prove as stop } from './stop.js'

/** Prints its figures and returns what does not hold. */
type Proof = (args: readonly string[]) => Promise<readonly string[]>

const PROOFS: Readonly<Record<string, Proof>> = {
  'never-exceed': neverExceed,
  'never-lose': neverLose,
  'lost-reply': lostReply,
  stop,
  feedback,
  'crash-file': crashFile,
  'every-byte': everyByte,
  faults,
  locks,
  'power-loss': powerLoss,
  soak,
}

const [name = '', ...args] = process.argv.slice(2)
const proof = PROOFS[name]
if (proof === undefined) {
  console.error(`No proof ${JSON.stringify(name)}. There are: ${Object.keys(PROOFS).join(', ')}.`)
  process.exitCode = 1
} else {
  const found = await proof(args)
  for (const fault of found) console.log(`DOES NOT HOLD  ${fault}`)
  console.log(found.length === 0 ? 'holds' : `${found.length} do not hold`)
  process.exitCode = found.length === 0 ? 0 : 1
}
