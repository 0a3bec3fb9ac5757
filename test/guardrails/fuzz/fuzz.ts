import { checkMessage, guardrailDefaults, guardrailPolicySchema, scoreContent } from '../../../src/guardrails/index.js'
import { facts } from '../facts.js'
import { messages } from './messages.js'

/** Longer than this for one short message is a hang. */
const HANG_MS = 1000

const policies = [
  guardrailDefaults,
  guardrailPolicySchema.parse({
    packs: [],
    sender: { brand: 'Example Agency', postalAddress: '548 Market St, San Francisco', domains: ['agency.example'] },
    content: { phrases: [{ phrase: 'circle back', weight: 3 }] },
  }),
]

/** Checks `count` messages twice each. Returns what went wrong, with the message; nothing when all is well. */
export function fuzz(seed: number, count: number): string[] {
  const next = messages(seed)
  const faults: string[] = []
  for (let index = 0; index < count && faults.length < 5; index++) {
    const message = next()
    const policy = policies[index % policies.length] ?? guardrailDefaults
    const about = facts({ firstMessage: index % 3 === 0 })
    const start = performance.now()
    try {
      const first = JSON.stringify([checkMessage(message, policy, about), scoreContent(message, policy)])
      const second = JSON.stringify([checkMessage(message, policy, about), scoreContent(message, policy)])
      if (first !== second) faults.push(`another answer the second time: ${JSON.stringify(message)}`)
    } catch (error) {
      faults.push(`${String(error)}: ${JSON.stringify(message)}`)
    }
    if (performance.now() - start > HANG_MS) faults.push(`slow: ${JSON.stringify(message)}`)
  }
  return faults
}
