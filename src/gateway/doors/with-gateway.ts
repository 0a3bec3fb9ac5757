import { ConfigError } from '../../core/errors.js'
import { type Agent, doorOf } from '../agent.js'
import { guardAxios } from './axios-guard.js'
import { type AxiosLike, isAxiosLike } from './axios-like.js'
import { facadeOf, isFacade } from './facade.js'
import { guardedFetch } from './fetch-guard.js'
import { findTransports } from './find-transport.js'

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
  if ((typeof client !== 'object' && typeof client !== 'function') || client === null)
    throw unusable('client', `is ${client === null ? 'null' : `a ${typeof client}`}, expected a client.`)
  if (isFacade(client)) throw unusable('client', 'is wrapped already: wrap the client itself, once for each agent.')
  if (isAxiosLike(client)) return facadeOf(client, guardAxios(client, door, client), agent) as T
  if (typeof client === 'function') {
    if (isClass(client)) throw unusable('client', 'is a class: wrap an instance of it.')
    return guardedFetch(client as unknown as typeof fetch, door) as unknown as T
  }
  return facadeOf(client, guardAxios(transportOf(client), door, client), agent) as T
}

function transportOf(client: object): AxiosLike {
  const [transport, second] = findTransports(client)
  if (transport === undefined)
    throw unusable(
      'client',
      'holds no transport that can be guarded: pass the GHL SDK, an axios instance, an object that holds one (not in a #private field), or a fetch function.',
    )
  if (second !== undefined)
    throw unusable(
      'client',
      'holds several axios instances: guarding one would leave a way around it. Give it one, or wrap each of them.',
    )
  return transport
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value))
}

function unusable(path: string, message: string): ConfigError {
  return new ConfigError([{ path, message }])
}
