// npm run fuzz:content [-- <messages> [<seed>]]: random and mutated messages through every content and compliance rule.
import { fuzz } from './fuzz.js'

const [count = '1000000', seed = '1'] = process.argv.slice(2)
const start = performance.now()
const faults = fuzz(Number(seed), Number(count))
for (const fault of faults) console.log(fault)
console.log(`${count} messages, seed ${seed}: ${faults.length} faults, ${((performance.now() - start) / 1000).toFixed(0)} s`)
process.exitCode = faults.length === 0 ? 0 : 1
