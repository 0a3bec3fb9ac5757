import { writeSync } from 'node:fs'
import { sqliteStorage } from '../../src/storage/sqlite/index.js'
import { sqliteDrivers } from './sqlite-drivers.js'

/** A process of its own: `sqlite-child.ts <file> open` says what it opened; `write` writes until it is killed and says what was acknowledged. */
const [file = '', task = ''] = process.argv.slice(2)

const [driver] = await sqliteDrivers()
if (driver === undefined) throw new Error('no driver')
const db = driver.open(file)
const storage = sqliteStorage(db)
const { incarnation } = await storage.open()
say(`open ${incarnation}`)
if (task === 'write') await Promise.all(Array.from({ length: 16 }, (_, caller) => write(`${process.pid}-${caller}`)))
await storage.close()
db.close()

async function write(name: string): Promise<never> {
  for (let next = 0; ; next++) {
    await storage.commit([
      [
        { op: 'put', key: `idem/${name}-${next}`, value: 'x'.repeat(100), version: null },
        { op: 'add', key: 'q/month', by: 1 },
        { op: 'add', key: 'q/day', by: 1 },
      ],
    ])
    say(`ack ${name}-${next}`)
  }
}

/** Written before the next step, so that a kill cannot lose what was said. A full pipe is tried again. */
function say(line: string): void {
  for (let said = false; !said; ) {
    try {
      writeSync(1, `${line}\n`)
      said = true
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    }
  }
}
