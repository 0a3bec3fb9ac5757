import { afterAll, describe, expect, test } from 'vitest'
import { describeStorage } from './contract.js'
import { connect, emptySchema, storageOn } from './postgres-server.js'

const database = await connect()
afterAll(() => database.close())

const free: string[] = []
describeStorage(`postgresStorage (${database.real ? 'server' : 'PGlite'})`, async (clock) => {
  const schema = free.pop() ?? database.newSchema()
  let storage = await storageOn(database, clock, { schema })
  await emptySchema(database, schema)
  return {
    storage,
    clock,
    async reopen() {
      await storage.close()
      storage = await storageOn(database, clock, { schema })
      return storage
    },
    async dispose() {
      await storage.close()
      free.push(schema)
    },
  }
})
