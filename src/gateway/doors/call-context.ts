import { AsyncLocalStorage } from 'node:async_hooks'
import type { Agent } from '../agent.js'

/** In whose name, or for what, a guarded transport is being used at this moment. */
export type CallContext =
  /** An agent's call through its wrapped client. `refusal` is set when the gateway said no. */
  | { readonly kind: 'agent'; readonly agent: Agent; refusal?: unknown }
  /** The client refreshing its own token; nothing else passes. */
  | { readonly kind: 'token' }
  /** The gateway itself: an approved request, or a look at a contact. */
  | { readonly kind: 'gateway' }

export type CallContexts = AsyncLocalStorage<CallContext>

export function createCallContexts(): CallContexts {
  return new AsyncLocalStorage<CallContext>()
}
