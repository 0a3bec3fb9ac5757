import { requireMethods, requireOptions } from '../../core/adapter-options.js'
import { StorageError } from '../../core/errors.js'
import type { Batch, BatchResult } from '../../core/storage-ops.js'
import { createCallGroups } from '../call-groups.js'
import { createBatchState } from '../guarded-batch.js'
import { createServerClock } from '../server-clock.js'
import type { Storage, StorageInfo } from '../storage.js'
import { faultOf, isFaultOfInput, isLate, isRetryable } from './faults.js'
import type { PostgresPool } from './pool.js'
import { FORMAT, postgresMigration, quoteSchema } from './schema.js'
import { COMMIT_CALL, decodeCommit, decodeRead, decodeScan, encodeBatches } from './wire.js'

export interface PostgresStorageOptions {
  /** The schema that holds the store; letters, digits and underscores. Default `sendwarden`. One schema = one shared state. */
  readonly schema?: string
  /** Whether `open` may make or upgrade the tables. Default true; false where an owner does that (`postgresMigration`). */
  readonly migrate?: boolean
  /** Milliseconds after which an unanswered call counts as unknown. Default 15,000. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 15_000
/** Deadlocks and serialization failures in a row, before the caller hears of them. */
const RETRIES = 5

/**
 * State in PostgreSQL (13 or newer), for a fleet of processes. Takes your pg `Pool` and never closes it; one call of the
 * server per commit, shared by all callers that wait at the same time. Time is the server's; a commit is refused while the
 * clock of the gateway that opened it differs.
 * Throws `ConfigError` for what is no pool and for options it does not know, `TypeError` for a schema name that is not plain;
 * its methods throw `StorageError`: `unavailable`, `unknown_outcome`, `wiped`, `corrupt`, `clock_skew`, `invalid`, `closed`.
 *
 * @example postgresStorage(new pg.Pool({ connectionString }), { schema: 'sendwarden' })
 */
export function postgresStorage(pool: PostgresPool, options: PostgresStorageOptions = {}): Storage {
  requireMethods('postgresStorage', pool, ['query'], 'a pg Pool: new pg.Pool({ connectionString })')
  requireOptions('postgresStorage', options, { schema: true, migrate: true, timeoutMs: true })
  const { schema = 'sendwarden', migrate = true, timeoutMs = TIMEOUT_MS } = options
  const name = quoteSchema(schema)
  const shape = createBatchState()
  const groups = createCallGroups(send, isFaultOfInput)
  const server = createServerClock()
  let durable: StorageInfo['durable'] = 'none'
  let incarnation: string | undefined
  let opening: Promise<string> | undefined

  async function query(text: string, values: unknown[] = []): Promise<Record<string, unknown>> {
    const { rows } = await pool.query({ text, values, query_timeout: timeoutMs })
    const [row] = rows
    return typeof row === 'object' && row !== null ? { ...row } : {}
  }

  /** One function call: its answer is one text, so that no type parser of the pool can change it. */
  async function call(during: 'read' | 'commit', text: string, values: unknown[]): Promise<string> {
    try {
      const { answer } = await query(text, values)
      if (typeof answer === 'string') return answer
      throw new TypeError(`the server answered ${typeof answer} where a text was due`)
    } catch (error) {
      throw during === 'commit' ? error : faultOf(error, during, schema)
    }
  }

  async function send(batches: readonly Batch[]): Promise<BatchResult[]> {
    const input = encodeBatches(requireOpen(), batches)
    let wasLate = false
    for (let retries = 0; ; retries++) {
      await server.requireAgreement(now)
      try {
        const answer = await call('commit', `select ${name}.${COMMIT_CALL}`, [...input, Math.floor(server.now()) + timeoutMs])
        const { now, results } = decodeCommit(answer, batches)
        server.heard(now)
        return results
      } catch (error) {
        if (isLate(error) && !wasLate) {
          // The server's clock was moved, or this process was asleep. Nothing was written.
          wasLate = true
          await now()
        } else if (!isRetryable(error) || retries === RETRIES) throw error
      }
    }
  }

  async function now(): Promise<number> {
    const time = Number(await call('read', `select ${name}.sendwarden_now()::text as answer`, []))
    server.heard(time)
    return time
  }

  async function begin(): Promise<string> {
    try {
      if ((await format()) !== FORMAT) await upgrade()
      const found = await query(
        `select m.incarnation, e.value as mark, current_setting('fsync') as fsync,
           current_setting('synchronous_commit') as synchronous, current_setting('transaction_isolation') as isolation,
           pg_is_in_recovery() as standby
         from ${name}.sendwarden_meta m left join ${name}.sendwarden_entries e on e.key = ''`,
      )
      if (typeof found.incarnation !== 'string' || found.mark !== found.incarnation) throw emptied(schema)
      if (found.standby === true) throw new StorageError('unavailable', 'This server is a standby: connect to the primary.')
      if (found.isolation !== 'read committed')
        throw new StorageError(
          'unavailable',
          `The pool's isolation level is ${String(found.isolation)}; it has to be read committed.`,
        )
      await now()
      durable = found.synchronous === 'off' ? 'none' : found.fsync === 'off' ? 'process-crash' : 'power-loss'
      return found.incarnation
    } catch (error) {
      throw faultOf(error, 'open', schema)
    }
  }

  /** The data format that is there; undefined = no store. */
  async function format(): Promise<number | undefined> {
    const { present } = await query('select to_regclass($1) is not null as present', [`${name}.sendwarden_meta`])
    if (present !== true) return undefined
    const { format } = await query(`select format::text as format from ${name}.sendwarden_meta`)
    if (typeof format !== 'string') throw emptied(schema)
    if (Number(format) > FORMAT)
      throw new StorageError(
        'unavailable',
        `The store in schema ${schema} has data format ${format}, and this version of sendwarden knows ${FORMAT}: upgrade sendwarden in this process.`,
      )
    return Number(format)
  }

  async function upgrade(): Promise<void> {
    if (!migrate)
      throw new StorageError(
        'unavailable',
        `There is no store of data format ${FORMAT} in schema ${schema}, and migrate is false: run postgresMigration() as its owner.`,
      )
    await query(postgresMigration(schema))
  }

  function requireOpen(): string {
    if (incarnation === undefined)
      throw new StorageError('closed', 'The storage is not open: call open() first, and nothing after close().')
    return incarnation
  }

  function requireMark(mark: string | null): void {
    if (mark !== incarnation && incarnation !== undefined) throw emptied(schema)
  }

  return {
    info: {
      engine: 'postgres',
      get durable() {
        return durable
      },
      shared: 'network',
    },
    async open(host) {
      server.follow(host?.clock)
      opening ??= begin()
      try {
        incarnation = await opening
      } catch (error) {
        opening = undefined
        throw error
      }
      return { incarnation }
    },
    async commit(batches) {
      requireOpen()
      for (const batch of batches) shape.validate(batch)
      try {
        return await groups.commit(batches)
      } catch (error) {
        throw faultOf(error, 'commit', schema)
      }
    },
    async read(keys) {
      requireOpen()
      const answer = await call('read', `select ${name}.sendwarden_read($1::jsonb) as answer`, [JSON.stringify(['', ...keys])])
      const { mark, entries } = decodeRead(answer)
      requireMark(mark)
      return entries
    },
    async scan(prefix, { after = null, limit, reverse = false }) {
      requireOpen()
      // Keys are printable ASCII: nothing that begins with the prefix is above this.
      const beyond = `${prefix}\x7f`
      const most = Math.min(Math.max(0, Math.trunc(limit)), 2 ** 31 - 1)
      const text = `select ${name}.sendwarden_scan($1::text, $2::text, $3::text, $4::integer, $5::boolean) as answer`
      const { mark, entries } = decodeScan(await call('read', text, [prefix, beyond, after, most, reverse]))
      requireMark(mark)
      return entries
    },
    async now() {
      requireOpen()
      return now()
    },
    async close() {
      await opening?.catch(() => undefined)
      await groups.idle()
      opening = undefined
      incarnation = undefined
    },
  }
}

function emptied(schema: string): StorageError {
  return new StorageError(
    'wiped',
    `The store in schema ${schema} was emptied: its marks are gone, and limits with them. Restore it, or choose a new schema knowingly.`,
  )
}
