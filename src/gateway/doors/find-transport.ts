import { type AxiosLike, isAxiosLike } from './axios-like.js'

/** The axios instance a client object holds, under whatever name; undefined when there is none or more than one. */
export function findTransport(client: object): AxiosLike | undefined {
  const found = new Set<AxiosLike>()
  for (const key of Reflect.ownKeys(client)) {
    const value = ownValue(client, key)
    if (isAxiosLike(value)) found.add(value)
  }
  // Several transports would leave a way around the guarded one.
  return found.size === 1 ? found.values().next().value : undefined
}

/** An own data property, without running a getter. */
export function ownValue(object: object, key: PropertyKey): unknown {
  return Reflect.getOwnPropertyDescriptor(object, key)?.value as unknown
}
