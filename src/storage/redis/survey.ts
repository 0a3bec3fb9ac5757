import { StorageError } from '../../core/errors.js'
import type { StorageInfo } from '../storage.js'
import type { RedisClient } from './client.js'

/** What a server, or every master of a cluster, guarantees. Throws `StorageError` (`unavailable`) when it is not fit to keep limits. */
export async function survey(client: RedisClient): Promise<StorageInfo['durable']> {
  await client.call('ping')
  const masters = client.nodes?.('master') ?? []
  const found = await Promise.all((masters.length > 0 ? masters : [client]).map(surveyServer))
  return found.includes('none') ? 'none' : found.includes('process-crash') ? 'process-crash' : 'power-loss'
}

async function surveyServer(server: Pick<RedisClient, 'call'>): Promise<StorageInfo['durable']> {
  const info = String(await server.call('info'))
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
  const version = field('redis_version') ?? '0'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 6 || (major === 6 && minor < 2))
    throw new StorageError('unavailable', `This server is Redis ${version}; sendwarden needs 6.2 or newer.`)
  const policy = field('maxmemory_policy') ?? (await setting(server, 'maxmemory-policy'))
  if (policy !== 'noeviction')
    throw new StorageError(
      'unavailable',
      `The server's maxmemory-policy is ${policy ?? 'unknown'}: it may drop keys, and limits with them. Set it with \`redis-cli config set maxmemory-policy noeviction\` (and in redis.conf), or use a server of its own.`,
    )
  if (field('aof_enabled') !== '1') return 'none'
  const [sync, pausedWhileRewriting] = [await setting(server, 'appendfsync'), await setting(server, 'no-appendfsync-on-rewrite')]
  return sync === 'always' && pausedWhileRewriting === 'no' ? 'power-loss' : 'process-crash'
}

/** Undefined where the server does not let itself be asked, as many hosted ones do. */
async function setting(server: Pick<RedisClient, 'call'>, name: string): Promise<string | undefined> {
  try {
    const answer = await server.call('config', 'get', name)
    // A list, or an object from a client that maps replies of the newer protocol.
    const pairs = Array.isArray(answer) ? [answer] : Object.entries(answer ?? {})
    const value: unknown = pairs[0]?.[1]
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
