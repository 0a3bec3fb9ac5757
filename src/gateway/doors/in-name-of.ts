import type { Agent } from '../agent.js'
import type { Guard } from './axios-guard.js'
import type { AgentCall } from './call-context.js'

type Steps = Iterator<unknown> | AsyncIterator<unknown>

const ASYNC_ITERATOR: object = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})()))
const ITERATOR: object = Object.getPrototypeOf(Object.getPrototypeOf([].values()))

/**
 * Makes one call of the client in an agent's name, and gives what comes of it through `give`. The name holds until the
 * call has ended: when its promise has settled, or its iterator is done. What goes on after that is nobody's.
 */
export function inNameOf(
  agent: Agent,
  { contexts, secrets }: Guard,
  run: () => unknown,
  give: (value: unknown, call: AgentCall) => unknown,
): unknown {
  const call: AgentCall = { kind: 'agent', agent, credentials: new Set(), ended: false }

  function step(run: () => unknown, given: (value: unknown) => unknown): unknown {
    let result: unknown
    try {
      result = contexts.run(call, run)
    } catch (error) {
      throw thrown(error)
    }
    if (!isPromise(result)) return given(result)
    return result.then(given, (error: unknown) => {
      throw thrown(error)
    })
  }

  function thrown(error: unknown): unknown {
    call.ended = true
    return call.refusal ?? secrets.cleanFault(error, call.credentials)
  }

  function given(value: unknown): unknown {
    if (isSteps(value) && call.refusal === undefined) return stepByStep(value)
    return last(value)
  }

  function last(value: unknown): unknown {
    call.ended = true
    if (call.refusal !== undefined) throw call.refusal
    return give(value, call)
  }

  /** Its code runs whenever the next value is asked for, so each time in the agent's name. */
  function stepByStep(steps: Steps): object {
    const taken = (result: unknown): object => {
      const { done, value } = result as IteratorResult<unknown>
      return { done, value: done || call.refusal !== undefined ? last(value) : give(value, call) }
    }
    const wrapped = Object.create(Symbol.asyncIterator in steps ? ASYNC_ITERATOR : ITERATOR) as Record<string, unknown>
    for (const name of ['next', 'return', 'throw'] as const) {
      const method: unknown = steps[name]
      if (typeof method === 'function')
        wrapped[name] = (...args: unknown[]) => step(() => Reflect.apply(method, steps, args) as unknown, taken)
    }
    return wrapped
  }

  return step(run, given)
}

function isSteps(value: unknown): value is Steps {
  if (typeof value !== 'object' || value === null) return false
  return typeof (value as Partial<Steps>).next === 'function' && (Symbol.asyncIterator in value || Symbol.iterator in value)
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | undefined)?.then === 'function'
}
