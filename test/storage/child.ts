import { writeSync } from 'node:fs'
import { fileStorage } from '../../src/storage/file/index.js'

/** A process of its own that writes until it is killed and says what was acknowledged: `child.ts <dir> <snapshotEvery> <callers>`. */
const [dir = '', every = '16777216', callers = '16'] = process.argv.slice(2)

async function main(): Promise<void> {
  const storage = fileStorage(dir, { snapshotEvery: Number(every) })
  try {
    await storage.open()
  } catch (error) {
    writeSync(1, `refused ${error instanceof Error ? error.message : String(error)}\n`)
    return
  }
  writeSync(1, 'open\n')
  const life = String(process.pid)
  let next = 0
  async function caller(): Promise<void> {
    while (true) {
      const id = `${life}-${next++}`
      try {
        await storage.commit([
          [
            { op: 'put', key: `idem/${id}`, value: { id, filler: 'x'.repeat(100) }, version: null },
            { op: 'add', key: 'q/month', by: 1 },
            { op: 'add', key: 'q/day', by: 1 },
          ],
        ])
      } catch (error) {
        writeSync(1, `threw ${error instanceof Error ? error.message : String(error)}\n`)
        return
      }
      writeSync(1, `ack ${id}\n`)
    }
  }
  await Promise.all(Array.from({ length: Number(callers) }, caller))
}

await main()
