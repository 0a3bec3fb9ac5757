import { initialSystem, isOperational, reduce, type SystemState, statusOf } from 'sendwarden/orchestrator'
import { z } from 'zod'
import type { CaseResult } from './suites.js'

const step = z.object({
  op: z.enum(['update', 'enterMaintenance', 'exitMaintenance', 'emergencyShutdown']),
  component: z.string().optional(),
  status: z.string().optional(),
  overall: z.string(),
  operational: z.boolean(),
  defect: z.string().optional(),
})
const vectors = z.object({
  cases: z.array(
    z.object({
      id: z.string(),
      steps: z.array(step),
      final: z.object({ overall: z.string(), operational: z.boolean(), failureCounts: z.record(z.string(), z.number()) }),
    }),
  ),
})
type Step = z.infer<typeof step>

/** Component updates and stops → status and operational after each, and the failure counts at the end. */
export function runOrchestratorSuite(file: unknown): readonly CaseResult[] {
  return vectors.parse(file).cases.map(({ id, steps, final }) => {
    const defect = steps.find((each) => each.defect !== undefined)?.defect
    const expected = { steps: steps.map(({ overall, operational }) => ({ overall, operational })), final: sorted(final) }
    const got = play(steps)
    return {
      id,
      ok: JSON.stringify(got) === JSON.stringify(expected),
      expected,
      got,
      ...(defect === undefined ? {} : { skipped: defect }),
    }
  })
}

function play(steps: readonly Step[]) {
  let state = initialSystem('original')
  const seen = steps.map((each, at) => {
    state = apply(state, each, at)
    return summary(state)
  })
  const failing = Object.entries(state.components).filter(([, { failures }]) => failures > 0)
  const failureCounts = Object.fromEntries(failing.map(([name, { failures }]) => [name, failures]))
  return { steps: seen, final: sorted({ ...summary(state), failureCounts }) }
}

function summary(state: SystemState) {
  return { overall: statusOf(state, 'original'), operational: isOperational(state, 'original') }
}

function apply(state: SystemState, { op, component = '', status = '' }: Step, at: number): SystemState {
  const origin = { at, by: 'vectors' }
  switch (op) {
    case 'update':
      // A status text outside the list is what reduce has to refuse by itself.
      return reduce(state, { type: 'report', component, status: status as 'healthy', ...origin }, 'original')
    case 'enterMaintenance':
      return reduce(state, { type: 'enter_maintenance', reason: 'vectors', ...origin }, 'original')
    case 'exitMaintenance':
      return reduce(state, { type: 'leave_maintenance', ...origin }, 'original')
    case 'emergencyShutdown':
      return reduce(state, { type: 'emergency_stop', reason: 'vectors', ...origin }, 'original')
  }
}

function sorted<T extends { failureCounts: Record<string, number> }>(final: T): T {
  return { ...final, failureCounts: Object.fromEntries(Object.entries(final.failureCounts).sort(([a], [b]) => (a < b ? -1 : 1))) }
}
