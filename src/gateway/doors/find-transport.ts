import { type AxiosLike, isAxiosLike } from './axios-like.js'
import { isOfficialSdk } from './official-sdk.js'
import { isData, walk } from './walk.js'

/**
 * The axios instances a client object holds, under whatever names: its own first, then those further down. The official
 * client has one; what else it holds, a session storage, is the host's and hidden.
 */
export function findTransports(client: object): AxiosLike[] {
  const keys = Reflect.ownKeys(client)
  const found = new Set(keys.map((key) => ownValue(client, key)).filter(isAxiosLike))
  const further = (_: string, value: unknown): boolean => {
    if (isAxiosLike(value)) found.add(value)
    return false
  }
  if (found.size > 0 && !isOfficialSdk(client)) walk(client, further, (value) => isData(value) || isAxiosLike(value))
  return [...found]
}

/** An own data property, without running a getter. */
export function ownValue(object: object, key: PropertyKey): unknown {
  return Reflect.getOwnPropertyDescriptor(object, key)?.value as unknown
}
