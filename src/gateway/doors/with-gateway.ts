import { ConfigError } from '../../core/errors.js'
import { type Agent, doorOf } from '../agent.js'
import { guardAxios } from './axios-guard.js'
import { isAxiosLike } from './axios-like.js'
import { facadeOf } from './facade.js'
import { guardedFetch } from './fetch-guard.js'
import { findTransport } from './find-transport.js'

/**
 * Puts the gate into a client the host already has, and gives back the same client for one agent.
 *
 * Works for the official GHL SDK, for an axios instance, for any object that holds one, and for a
 * `fetch` function. The guard sits on the transport: whatever method, option or override a caller
 * uses, the final method, host, path and body are what is judged. The client that was passed in
 * stays guarded too: calls through it outside an agent's `run` are refused.
 *
 * The wrapped client throws `GatewayBlockedError`, `ApprovalPendingError` and `OutcomeUnknownError`;
 * everything else it throws is the client's own. Throws `ConfigError` when there is no transport to
 * guard, or when another gateway guards it already.
 *
 * @example
 * const ghl = withGateway(new HighLevel({ privateIntegrationToken }), gateway.agent('outreach'))
 */
export function withGateway<T extends object>(client: T, agent: Agent): T {
  const door = doorOf(agent)
  if (door === undefined) throw unusable('agent', 'is not an agent handle: pass gateway.agent(name).')
  if (isAxiosLike(client)) return facadeOf(client, guardAxios(client, door, client), agent) as T
  if (typeof client === 'function') return guardedFetch(client as unknown as typeof fetch, agent, door) as unknown as T
  const transport = findTransport(client)
  if (transport === undefined) {
    throw unusable(
      'client',
      'holds no transport that can be guarded: pass the GHL SDK, an axios instance, an object that holds one, or a fetch function.',
    )
  }
  return facadeOf(client, guardAxios(transport, door, client), agent) as T
}

function unusable(path: string, message: string): ConfigError {
  return new ConfigError([{ path, message }])
}
