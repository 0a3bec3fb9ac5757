import { StorageError } from '../../core/errors.js'

/** Answers by which the server says that it did not run the script. */
const REFUSED =
  /^(NOAUTH|WRONGPASS|OOM|READONLY|LOADING|MASTERDOWN|NOREPLICAS|MISCONF|BUSY|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|NOPERM|NOSCRIPT|CROSSSLOT)\b/
/** The command never left this process. */
const NOT_SENT = /enableOfflineQueue/
/** What the client says when the server cannot be reached. */
const AWAY = /no answer within|Connection is closed|max retries per request|enableOfflineQueue|\bE[A-Z]{4,}\b/

const RIGHTS =
  'keys ~{namespace}* and the commands evalsha, eval, info, ping, time, get, mget, set, del, hget, hgetall, hset, hdel, pttl, pexpireat, persist, zadd, zrem, zcard, zrangebylex, zrevrangebylex, zrangebyscore (config|get is optional)'

/** Any fault of client or server as a `StorageError`. After a commit, what is not certain is `unknown_outcome`. */
export function faultOf(error: unknown, during: 'open' | 'read' | 'commit'): StorageError {
  if (error instanceof StorageError) return error
  const text = error instanceof Error ? error.message : String(error)
  const options = { cause: error }
  if (/NOPERM|can't run this command|No permissions|ACL failure/i.test(text))
    return new StorageError('unavailable', `The Redis user lacks a right (${text}). It needs ${RIGHTS}.`, options)
  if (/^(NOAUTH|WRONGPASS)/.test(text))
    return new StorageError(
      'unavailable',
      `Redis refused the login (${text}). Mend the user and password of the client.`,
      options,
    )
  if (/sendwarden:|WRONGTYPE/.test(text))
    return new StorageError(
      'corrupt',
      `Something else wrote to the keys of this store in Redis (${text}). Restore a backup that is not older than the last send.`,
      options,
    )
  if (/^OOM/.test(text))
    return new StorageError('unavailable', `Redis has no memory left (${text}). Nothing was written. Raise maxmemory.`, options)
  if (/^READONLY/.test(text))
    return new StorageError('unavailable', `This Redis is a read-only replica (${text}). Connect to the primary.`, options)
  if (during === 'commit' && !REFUSED.test(text) && !NOT_SENT.test(text))
    return new StorageError(
      'unknown_outcome',
      `The commit may or may not be stored (${text}): read its unique key to find out.`,
      options,
    )
  if (AWAY.test(text))
    return new StorageError(
      'unavailable',
      `Redis does not answer (${text}). Look whether the server runs and whether the client's address is right; nothing is sent until it answers.`,
      options,
    )
  return new StorageError('unavailable', `Redis did not do it: ${text}`, options)
}

/** Rejects when nothing has come back in time: a connection that was lost may leave a command unanswered for ever. */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
    timer.unref()
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
