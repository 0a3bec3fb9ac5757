import { type AxiosLike, isAxiosLike } from './axios-like.js'

/** The axios instances a client object holds, under whatever names. */
export function findTransports(client: object): AxiosLike[] {
  const found = Reflect.ownKeys(client)
    .map((key) => ownValue(client, key))
    .filter(isAxiosLike)
  return [...new Set(found)]
}

/** An own data property, without running a getter. */
export function ownValue(object: object, key: PropertyKey): unknown {
  return Reflect.getOwnPropertyDescriptor(object, key)?.value as unknown
}
