import { writeSync } from 'node:fs'
import { fileStorage } from '../../src/storage/file/index.js'

/** A process of its own that writes until it is killed and says what was acknowledged: `child.ts <dir> <snapshotEvery> <callers>`. */
const [dir = '', every = '16777216', callers = '16'] = process.argv.slice(2)

async function main(): Promise<void> {
  const storage = fileStorage(dir, { snapshotEvery: Number(every) })
  try {
    await storage.open()
  } catch (error) {
    say(`refused ${error instanceof Error ? error.message : String(error)}\n`)
    return
  }
  say('open\n')
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
        say(`threw ${error instanceof Error ? error.message : String(error)}\n`)
        return
      }
      say(`ack ${id}\n`)
    }
  }
  await Promise.all(Array.from({ length: Number(callers) }, caller))
}

/** Written before the next step, so that a kill cannot lose what was said. A full pipe is tried again. */
function say(line: string): void {
  for (let said = false; !said; ) {
    try {
      writeSync(1, line)
      said = true
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    }
  }
}

await main()
