import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Action } from '../core/action.js'
import type { Decision } from '../core/decision.js'
import type { Outcome } from '../core/outcome.js'
import type { GhlRequest } from '../core/request.js'
import type { Http } from '../http/http.js'
import { type AgentContext, parseContext } from './context.js'
import type { Approvals } from './operator-approvals.js'
import type { Send } from './run.js'

/** All an agent ever holds: the right to act in its own name. It can neither speak for another nor approve itself. */
export interface Agent {
  readonly name: string
  /** Does it, or says why not. A refusal is a value, never a throw. */
  execute(action: Action): Promise<Outcome>
  /** What `execute` would say at this moment. Nothing is sent or reserved; a look-up of the contact counts at GHL. */
  check(action: Action): Promise<Decision>
  /** A handle that says more about its calls: evidence, an idempotency key, a contact, a campaign. Throws `ConfigError` for a malformed context. */
  with(context: AgentContext): Agent
  /** The same for every call made inside `fn`, through wrapped clients too. */
  run<T>(context: AgentContext, fn: () => T): T
  /** Decisions on the requests of others; only where the role may approve or reject campaigns. */
  readonly approvals: Approvals | undefined
}

/** What the doors need of an agent: no more authority than the agent has itself. */
export interface AgentDoor {
  /** The same object for all agents of one gateway; says nothing else. */
  readonly gateway: object
  readonly context: AgentContext
  /** Takes a request through the gate and makes the call with `send`. */
  guard(request: GhlRequest, send: Send): Promise<Outcome>
  /** Whether the current asynchronous context runs in the name of an agent of this gateway. */
  isRunning(): boolean
  /** `guard` in the name of that agent, whose handle is not given out: it would outlive the run. Only where one is running. */
  guardRunning(request: GhlRequest, send: Send): Promise<Outcome>
  /** Offers a transport to a gateway that was given none. The first one stays. */
  adopt(http: Http): void
}

/** A registered symbol, so that the ESM and the CJS copy of this package understand each other's handles. */
const DOOR = Symbol.for('sendwarden.agent')

export function doorOf(agent: unknown): AgentDoor | undefined {
  return typeof agent === 'object' && agent !== null ? (agent as { readonly [DOOR]?: AgentDoor })[DOOR] : undefined
}

/** What every agent of one gateway is made with. */
export interface AgentPowers {
  readonly gateway: object
  readonly running: AsyncLocalStorage<Agent>
  execute(agent: string, action: unknown, context: AgentContext): Promise<Outcome>
  check(agent: string, action: unknown, context: AgentContext): Promise<Decision>
  guard(agent: string, request: GhlRequest, context: AgentContext, send: Send): Promise<Outcome>
  adopt(http: Http): void
  approvals(agent: string): Approvals | undefined
}

export function createAgent(name: string, powers: AgentPowers, context: AgentContext = {}): Agent {
  const { gateway, running, adopt } = powers
  const and = (more: AgentContext): AgentContext => ({ ...context, ...parseContext(more) })
  /** What was said in `run` of the same agent holds here too, unless this handle says otherwise. */
  const current = (): AgentContext => {
    const active = running.getStore()
    const around = active?.name === name ? doorOf(active) : undefined
    return around === undefined || around.context === context ? context : { ...around.context, ...context }
  }
  const agent: Agent = {
    name,
    execute: (action) => powers.execute(name, action, current()),
    check: (action) => powers.check(name, action, current()),
    with: (more) => createAgent(name, powers, and(more)),
    run: (more, fn) => running.run(createAgent(name, powers, and(more)), fn),
    approvals: powers.approvals(name),
  }
  const door: AgentDoor = {
    gateway,
    context,
    adopt,
    guard: (request, send) => powers.guard(name, request, current(), send),
    isRunning: () => running.getStore() !== undefined,
    async guardRunning(request, send) {
      const active = doorOf(running.getStore())
      if (active === undefined) throw new Error('No agent is running here: ask isRunning() first.')
      return active.guard(request, send)
    },
  }
  return Object.freeze(Object.defineProperty(agent, DOOR, { value: Object.freeze(door) }))
}
