import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { withGateway } from '../../../src/index.js'
import { doors, SDKS, sdk } from './setup.js'

const SESSION = {
  refresh_token: 'refresh-known-to-none',
  access_token: 'access-known-to-none',
  userType: 'Location',
  expires_in: 86399,
}

/** Everything reachable from a value: own names and symbols, prototypes, what functions give back and throw. */
async function walkAll(root: object, hostile: readonly unknown[][], secrets: readonly string[]) {
  const seen = new Set<unknown>()
  const found: string[] = []
  const texts = (value: unknown): string[] => {
    const written = [inspect(value, { depth: 6, showHidden: true, showProxy: true, getters: true })]
    try {
      written.push(JSON.stringify(value) ?? '')
    } catch {
      // Cycles are inspected above.
    }
    return written
  }
  let calls = 0
  let left: { path: string; value: unknown; self: unknown }[] = [{ path: 'ghl', value: root, self: undefined }]
  while (left.length > 0) {
    const next: typeof left = []
    for (const { path, value, self } of left) {
      const text = typeof value === 'string' ? [value] : []
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) {
        for (const secret of secrets) if (text.join().includes(secret)) found.push(`${path}: ${secret}`)
        continue
      }
      seen.add(value)
      for (const secret of secrets) if (texts(value).some((written) => written.includes(secret))) found.push(`${path}: ${secret}`)
      if (path.split(/[.(]/).length > 7) continue
      for (const key of Reflect.ownKeys(value)) {
        try {
          next.push({ path: `${path}.${String(key)}`, value: Reflect.get(value, key), self: value })
        } catch {
          // A member that cannot be read gives nothing away.
        }
      }
      const prototype: unknown = Reflect.getPrototypeOf(value)
      if (typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype) {
        for (const key of Reflect.ownKeys(prototype)) {
          const member: unknown = Reflect.get(value, key)
          next.push({ path: `${path}.${String(key)}`, value: member, self: value })
          const bare = Reflect.getOwnPropertyDescriptor(prototype, key)?.value as unknown
          if (typeof bare === 'function') next.push({ path: `${path}.proto.${String(key)}`, value: bare, self: value })
        }
      }
      if (typeof value !== 'function' || /constructor|__\w+__|HighLevel/.test(path) || path.includes('(')) continue
      for (const args of hostile) {
        calls++
        try {
          next.push({ path: `${path}()`, value: await limited(Reflect.apply(value, self, args)), self: undefined })
        } catch (error) {
          next.push({ path: `${path}(!)`, value: error, self: undefined })
        }
      }
    }
    left = next
  }
  return { found, calls, members: seen.size }
}

const limited = (value: unknown) => Promise.race([value, new Promise((resolve) => setImmediate(() => setTimeout(resolve, 50)))])

const HTTP_METHODS = { '3.1.0': 584, '3.0.0': 576 }

describe.each(Object.entries(SDKS))('SDK %s', (version, Sdk) => {
  test('walking every member, calling every function with hostile arguments: nothing is sent and no secret is found', async () => {
    const { fake, nobody } = await doors({}, Sdk)
    const raw = sdk(fake, Sdk, { clientId: fake.clientId, clientSecret: fake.clientSecret })
    await raw.getSessionStorage().setSession(fake.locationId, SESSION as never)
    const ghl = withGateway(raw, nobody) as unknown as object
    const stolen: unknown[] = []
    const steal = (value: unknown) => {
      stolen.push(value)
      return value
    }
    const options = {
      method: 'POST',
      url: '/oauth/token',
      adapter: steal,
      transformRequest: [steal],
      validateStatus: steal,
      headers: {},
    }
    const hostile = [
      [{ contactId: 'x', locationId: fake.locationId }, options],
      [steal, steal, steal],
      [fake.locationId, SESSION],
      [{ onFulfilled: steal, onRejected: steal }],
    ]
    const secrets = [fake.accessToken, fake.clientSecret, SESSION.access_token, SESSION.refresh_token]
    const { found, calls, members } = await walkAll(ghl, hostile, secrets)
    expect(found).toEqual([])
    expect(fake.calls).toEqual([])
    for (const value of stolen) for (const secret of secrets) expect(inspect(value, { depth: 8 })).not.toContain(secret)
    expect(calls).toBeGreaterThan(2000)
    expect(members).toBeGreaterThan(2000)
    expect((await raw.getSessionStorage().getSession(fake.locationId))?.access_token).toBe(SESSION.access_token)
  }, 120_000)

  test('every HTTP method called once by an agent without permissions: as many refusals, no request', async () => {
    const { fake, nobody, raw } = await doors({}, Sdk)
    const ghl = withGateway(raw, nobody) as unknown as Record<string, object>
    const outcomes: string[] = []
    for (const service of Object.values(ghl)) {
      for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(service)))) {
        if (name === 'constructor' || name === 'getAuthorizationUrl' || name === 'refreshToken') continue
        expect(typeof value).toBe('function')
        const call = Reflect.get(service, name) as (...args: object[]) => Promise<unknown>
        const ids = new Proxy({}, { get: (_, key) => (key === 'type' ? 'add' : typeof key === 'string' ? 'id_1' : undefined) })
        outcomes.push(
          await call.call(service, ids, {}, {}).then(
            () => 'passed',
            (error: Error) => error.name,
          ),
        )
      }
    }
    expect(outcomes).toHaveLength(HTTP_METHODS[version as keyof typeof SDKS])
    expect(outcomes.filter((name) => name !== 'GatewayBlockedError')).toEqual([])
    expect(fake.calls).toEqual([])
  })
})
