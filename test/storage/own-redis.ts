import { Redis } from 'ioredis'
import { isThere, type OwnServer, ownServer } from './own-server.js'

export function missingRedis(): string | undefined {
  return isThere('redis-server') ? undefined : 'there is no redis-server to start: install Redis'
}

/** A Redis of our own. `appendonly yes` keeps what was acknowledged when it is killed, the default keeps nothing. */
export function ownRedis(settings: Readonly<Record<string, string>> = {}): Promise<OwnServer> {
  const options = Object.entries({ save: '', ...settings }).flatMap(([name, value]) => [`--${name}`, value])
  return ownServer({
    command: (dir, port) => ['redis-server', '--bind', '127.0.0.1', '--port', String(port), '--dir', dir, ...options],
    url: (port) => `redis://127.0.0.1:${port}`,
    async answers(url) {
      const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
      client.on('error', () => undefined)
      try {
        await client.connect()
        await client.dbsize()
      } finally {
        client.disconnect()
      }
    },
  })
}
