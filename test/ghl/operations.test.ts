import { HighLevel } from '@gohighlevel/api-client'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPermission } from '../../src/core/permission.js'
import { findOperation, OPERATIONS } from '../../src/ghl/operations.js'

const filled = (path: string) => path.replace(/\{[^}]*\}/g, 'aB3xYz9')
const shape = (method: string, path: string) => `${method} ${path.replace(/\{[^}]*\}/g, '{}').replace(/(.)\/$/, '$1')}`

describe('the table', () => {
  test('has 672 operations, each with one known permission and an id of its own', () => {
    expect(OPERATIONS).toHaveLength(672)
    expect(OPERATIONS.every(({ permission }) => isPermission(permission))).toBe(true)
    expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(672)
  })

  test('finds each of them by its own filled-in path, with every parameter', () => {
    for (const operation of OPERATIONS) {
      const found = findOperation(operation.method, filled(operation.path))
      expect(found?.operation.id).toBe(operation.id)
      expect(Object.keys(found?.params ?? {})).toEqual([...operation.path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name))
    }
  })

  test('knows all 584 calls of the official client by service, method name and path as the client sends it', async () => {
    const known = new Map(OPERATIONS.map((operation) => [shape(operation.method, operation.path), operation]))
    const calls = await callEverything()
    expect(calls).toHaveLength(584)
    for (const { service, name, method, url } of calls) {
      expect(known.get(shape(method, url))).toMatchObject({ service, sdkMethod: name })
      expect(findOperation(method, filled(url))?.operation.sdkMethod, `${method} ${url}`).toBe(name)
    }
  })

  test('lets nothing that answers with tokens or keys pass as a plain read', () => {
    const secret = OPERATIONS.filter((operation) => operation.secret)
    expect(secret).toHaveLength(4)
    expect(secret.every(({ permission, risk }) => permission === 'admin_access' && risk === 'critical')).toBe(true)
  })

  test('needs more than a read or a plain write for what reaches people or the public, and for money', () => {
    const harmless = ['read_crm', 'read_contacts', 'read_leads', 'read_analytics']
    for (const { id, kind, reach, money, protective, permission } of OPERATIONS) {
      if (kind === 'read') continue
      expect(harmless, id).not.toContain(permission)
      if (money && !protective) expect(['write_crm', 'write_contacts'], id).not.toContain(permission)
      if (reach === 'direct' || reach === 'public') expect(permission, id).not.toMatch(/^write_/)
    }
  })

  test.each([
    ['GET /contacts/{contactId}/notes', 'read_contacts'],
    ['GET /opportunities/search', 'read_leads'],
    ['POST /opportunities', 'write_leads'],
    ['DELETE /opportunities/pipelines/{pipelineId}', 'delete_leads'],
    ['GET /ad-publishing/facebook/reporting', 'read_analytics'],
    ['GET /conversations/messages/export', 'export_data'],
    ['POST /contacts/{contactId}/campaigns/{campaignId}', 'trigger_workflow'],
    ['DELETE /contacts/{contactId}/workflow/{workflowId}', 'trigger_workflow'],
    ['PUT /locations/{locationId}/customValues/{id}', 'modify_workflow'],
    ['POST /voice-ai/agents', 'modify_workflow'],
    ['DELETE /locations/{locationId}', 'admin_access'],
    ['POST /users', 'admin_access'],
    ['POST /custom-fields', 'modify_config'],
    ['POST /invoices/{invoiceId}/send', 'spend_money'],
    ['POST /phone-system/numbers/location/{locationId}/purchase', 'spend_money'],
    ['POST /social-media-posting/{locationId}/posts', 'publish_content'],
    ['POST /conversations/messages/review-reply', 'publish_content'],
    ['POST /conversations/preferences/unsubscriptions/user-change', 'manage_consent'],
    ['POST /conversations/messages/inbound', 'manage_consent'],
    ['POST /bulk-actions/create', 'send_bulk'],
    ['DELETE /contacts/{contactId}', 'delete_contacts'],
    ['GET /products', 'read_crm'],
    ['POST /products', 'write_crm'],
    ['GET /payments/custom-provider/connect', 'admin_access'],
  ])('%s needs %s', (id, permission) => {
    expect(OPERATIONS.find((operation) => operation.id === id)?.permission).toBe(permission)
  })
})

describe('paths', () => {
  test('a literal beats a parameter', () => {
    expect(findOperation('POST', '/contacts/search')?.operation.id).toBe('POST /contacts/search')
    expect(findOperation('GET', '/conversations/search')?.operation.id).toBe('GET /conversations/search')
  })

  test('one trailing slash is accepted on a collection, as GHL documents it, and nowhere else', () => {
    expect(findOperation('POST', '/contacts/')?.operation.id).toBe('POST /contacts')
    expect(findOperation('POST', '/mcp')?.operation.id).toBe('POST /mcp/')
    expect(findOperation('GET', '/contacts/abc/')).toBeNull()
  })

  test('a platform may be named where older routes have the same name as a literal', () => {
    const found = findOperation('GET', '/social-media-posting/oauth/loc1/google/accounts/acc1')
    expect(found?.operation.path).toBe('/social-media-posting/oauth/{locationId}/{platform}/accounts/{accountId}')
    expect(found?.params).toEqual({ locationId: 'loc1', platform: 'google', accountId: 'acc1' })
  })

  test('parameters are decoded', () => {
    expect(findOperation('GET', '/objects/custom%20objects')?.params).toEqual({ key: 'custom objects' })
  })

  test.each([
    ['nothing', ''],
    ['no leading slash', 'contacts/abc'],
    ['a whole URL', 'https://services.leadconnectorhq.com/contacts/abc'],
    ['another host', '//evil.example/contacts/abc'],
    ['an empty segment', '/contacts//abc'],
    ['a dot segment', '/contacts/../users'],
    ['a single dot', '/contacts/./abc'],
    ['an encoded dot segment', '/contacts/%2e%2e'],
    ['an encoded slash', '/contacts/a%2Fb'],
    ['a doubly encoded slash', '/contacts/a%252Fb'],
    ['an encoded backslash', '/contacts/a%5Cb'],
    ['a backslash', '/contacts\\abc'],
    ['a path parameter', '/contacts/abc;x=1'],
    ['a query', '/contacts/abc?x=1'],
    ['a fragment', '/contacts/abc#x'],
    ['a line break', '/contacts/abc%0d%0aX'],
    ['a zero byte', '/contacts/abc%00'],
    ['an invisible character', '/contacts/abc%E2%80%8B'],
    ['broken encoding', '/contacts/%zz'],
    ['an unfilled template', '/contacts/{contactId}'],
    ['a letter encoded without need', '/contacts/%61bc'],
    ['a literal in another case', '/Contacts/abc'],
    ['a literal in another case where an id could be', '/contacts/Search'],
    ['a literal where an id should be', '/contacts/bulk'],
    ['a neighbouring literal, then a known end', '/contacts/search/notes'],
    ['raw letters outside ASCII', '/contacts/abç'],
    ['too long', `/contacts/${'a'.repeat(3000)}`],
  ])('%s is no operation', (_, path) => {
    expect(findOperation('GET', path)).toBeNull()
  })

  test.each(['get', 'HEAD', 'OPTIONS', 'TRACE', '', 'GET '])('the method %j is no operation', (method) => {
    expect(findOperation(method, '/contacts/abc')).toBeNull()
  })

  test('whatever the path, finding never throws, and what is found reads back as the same path', () => {
    const part = fc.oneof(fc.constantFrom('contacts', 'search', '..', '', '%2f', 'bulk', 'tags', 'Search'), fc.string())
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const path = `/${parts.join('/')}`
        const found = findOperation('GET', path)
        if (found === null) return
        const again = found.operation.path.replace(/\{([^}]*)\}/g, (_, name: string) =>
          encodeURIComponent(found.params[name] ?? ''),
        )
        expect(decodeURIComponent(path.replace(/\/$/, ''))).toBe(decodeURIComponent(again))
      }),
    )
  })
})

/** Calls every method of the official client with nothing filled in and notes what it would have sent. */
async function callEverything() {
  const client = new HighLevel({ privateIntegrationToken: 'pit-test' })
  const calls: { service: string; name: string; method: string; url: string }[] = []
  const http = client.getHttpClient()
  let current = { service: '', name: '' }
  http.request = async (config: { method?: string; url?: string }) => {
    calls.push({ ...current, method: config.method ?? '', url: config.url ?? '' })
    return { data: {} } as never
  }
  for (const [service, object] of Object.entries(client)) {
    if (typeof object !== 'object' || object === null || !('client' in object)) continue
    const prototype = Object.getPrototypeOf(object) as object
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const method = (object as Record<string, unknown>)[name]
      if (name === 'constructor' || typeof method !== 'function' || (service === 'oauth' && name === 'getAuthorizationUrl'))
        continue
      current = { service, name }
      const before = calls.length
      await (method as (...args: object[]) => Promise<unknown>).call(object, {}, {}, {}).catch(() => undefined)
      if (service === 'oauth' && name === 'refreshToken') calls.length = before
    }
  }
  return calls
}
