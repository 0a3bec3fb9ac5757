import { afterAll } from 'vitest'
import { connect, type Database, storageOn } from './postgres-server.js'
import { testSharedGateways } from './shared-gateways.js'

const database = await connect()
afterAll(() => database.close())

/** The same database, counting the calls made. */
function counting(counted: Database): Database & { calls: number } {
  const self = {
    ...counted,
    calls: 0,
    pool: {
      query(query: Parameters<Database['pool']['query']>[0]) {
        self.calls++
        return counted.pool.query(query)
      },
    },
  }
  return self
}

testSharedGateways(
  'PostgreSQL store',
  () => {
    const counted = counting(database)
    const schema = database.newSchema()
    return { open: (clock) => storageOn(counted, clock, { schema }), calls: () => counted.calls }
  },
  { action: 2, withLookUp: 3, withLookUpAndKey: 4 },
)
