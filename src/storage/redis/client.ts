import { createHash } from 'node:crypto'

/** What is used of an ioredis client, `Redis` or `Cluster`. */
export interface RedisClient {
  /** Sends one command. */
  call(command: string, ...args: (string | number)[]): Promise<unknown>
  /** The masters of a cluster. */
  nodes?(role: 'master'): Pick<RedisClient, 'call'>[]
}

/** A Lua script with the name by which the server remembers it. */
export interface Script {
  readonly text: string
  readonly sha: string
}

export function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}

/** Runs a script by its name, and sends its text only to a server that does not know it yet. */
export async function evaluate(
  client: RedisClient,
  { text, sha }: Script,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  try {
    return await client.call('evalsha', sha, keys.length, ...keys, ...args)
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    return client.call('eval', text, keys.length, ...keys, ...args)
  }
}
