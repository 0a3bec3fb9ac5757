import { expect, test } from 'vitest'
import { slackAlerts, webhookAlerts } from '../../src/alerts/index.js'
import { isConfigError } from '../../src/core/errors.js'
import { axiosHttp, ghlHttp } from '../../src/http/index.js'
import { fileStorage } from '../../src/storage/file/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { postgresStorage } from '../../src/storage/postgres/index.js'
import { redisStorage } from '../../src/storage/redis/index.js'
import { sqliteStorage } from '../../src/storage/sqlite/index.js'

const pool = { query: async () => ({ rows: [] }) }
const client = { call: async () => null }
const db = { exec: () => undefined, prepare: () => undefined }
const LOGIN = 'postgres://app:hunter2@db:5432/crm'

test.each<[string, (...given: never[]) => unknown, unknown[], RegExp]>([
  [
    'a URL for a pool',
    postgresStorage,
    [LOGIN],
    /postgresStorage: is a string, expected a pg Pool: new pg\.Pool\(\{ connectionString \}\)/,
  ],
  ['no pool', postgresStorage, [], /postgresStorage: is missing/],
  ['a misspelt schema', postgresStorage, [pool, { shema: 'x' }], /has no setting "shema"\. Did you mean "schema"/],
  [
    'a URL for a client',
    redisStorage,
    ['redis://:hunter2@db'],
    /redisStorage: is a string, expected an ioredis client: new Redis\(url\)/,
  ],
  ['a client of another kind', redisStorage, [{ sendCommand: () => undefined }], /expected an ioredis client/],
  ['a misspelt namespace', redisStorage, [client, { nameSpace: 'x' }], /Did you mean "namespace"/],
  [
    'a path for a handle',
    sqliteStorage,
    ['/var/state.db'],
    /sqliteStorage: is a string, expected a handle: new Database\(path\)/,
  ],
  ['a misspelt time', sqliteStorage, [db, { timeoutMS: 5 }], /Did you mean "timeoutMs"/],
  ['no directory', fileStorage, [], /fileStorage: is missing, expected the path of a directory/],
  ['readonly', fileStorage, ['/tmp/x', { readonly: true }], /fileStorage: has no setting "readonly"\. Did you mean "readOnly"/],
  ['a directory among the options', fileStorage, ['/tmp/x', { path: '/tmp/y' }], /"path"\. It takes clock, create, readOnly/],
  ['a misspelt clock', memoryStorage, [{ clok: 1 }], /Did you mean "clock"/],
  ['nothing', ghlHttp, [], /ghlHttp: is missing, expected an object of token, locationId, baseUrl, fetch/],
  ['no token', ghlHttp, [{ locationId: 'l' }], /ghlHttp\.token: is missing/],
  ['baseURL', ghlHttp, [{ token: 't', baseURL: 'https://x.example' }], /Did you mean "baseUrl"/],
  ['no instance', axiosHttp, [], /axiosHttp: is missing, expected an axios instance/],
  [
    'baseURL beside axios',
    axiosHttp,
    [{ request: async () => null }, { baseURL: 'https://x.example' }],
    /Did you mean "baseUrl"/,
  ],
  ['nothing', slackAlerts, [], /slackAlerts: is missing, expected an object of webhookUrl, fetch/],
  [
    'a secret URL',
    slackAlerts,
    ['https://hooks.slack.com/services/hunter2'],
    /slackAlerts: is a string, expected an object of webhookUrl/,
  ],
  ['url', slackAlerts, [{ url: 'https://hooks.slack.com/services/hunter2' }], /"url"\. It takes webhookUrl, fetch/],
  ['no URL', slackAlerts, [{}], /slackAlerts\.webhookUrl: is no URL/],
  ['no URL', webhookAlerts, [{ url: 'hunter2' }], /webhookAlerts\.url: is no URL/],
  ['a misspelt header', webhookAlerts, [{ url: 'https://x.example', header: {} }], /Did you mean "headers"/],
])('%s is told when the adapter is made, and no secret is repeated: %o', (_, make, given, message) => {
  let thrown: unknown
  try {
    ;(make as (...given: unknown[]) => unknown)(...given)
  } catch (error) {
    thrown = error
  }
  expect(isConfigError(thrown)).toBe(true)
  expect(String(thrown)).toMatch(message)
  expect(String(thrown)).not.toContain('hunter2')
})
