import { AsyncLocalStorage } from 'node:async_hooks'
import type { Agent } from '../agent.js'

/** In whose name, or for what, a guarded transport is being used at this moment. */
export type CallContext =
  | AgentCall
  /** The client refreshing its own token; nothing else passes. */
  | { readonly kind: 'token' }
  | GatewayCall

/** The gateway's own call: an approved request, or a look at a contact. */
export interface GatewayCall {
  readonly kind: 'gateway'
  /** Path and query, which leave as they are. */
  readonly target: string
  /** Set once it was sent: what follows is the official client's retry with a new token. */
  tried?: true
}

/** An agent's call through its wrapped client, from its start to its end. */
export interface AgentCall {
  readonly kind: 'agent'
  /** Left out for the agent of the surrounding `agent.run()`. */
  readonly agent?: Agent
  /** Set when the gateway said no: nothing more leaves in this call, and this is what it ends with. */
  refusal?: Error
  /** Whose token the official client takes for it. */
  session?: SessionChoice
  /** The last answer that came in: what is in it is the agent's to read. */
  answer?: { readonly data: unknown }
  /** What it was authorized with, each time something was sent: its own answers and errors must not show that. */
  readonly credentials: Set<string>
  /** What its method started and did not wait for is refused from then on: it would speak in a name it no longer has. */
  ended: boolean
}

interface SessionChoice {
  /** A location's id, or a company's. */
  readonly id: string
  readonly mayBeCompany: boolean
}

export type CallContexts = AsyncLocalStorage<CallContext>

export function createCallContexts(): CallContexts {
  return new AsyncLocalStorage<CallContext>()
}
