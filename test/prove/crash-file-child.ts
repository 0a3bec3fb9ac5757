// A process that sends through the file engine until it is killed: `crash-file-child <task as JSON>`. Says `open`, then `<caller> <n>`
// for each acknowledged send.
import { writeSync } from 'node:fs'
import { fileStorage } from '../../src/storage/file/index.js'
import { type CrashTask, dyingFileSystem } from './crash-points.js'
import { send } from './ledger.js'

const task = JSON.parse(process.argv[2] ?? '{}') as CrashTask
const FILLER = 'x'.repeat(300)

async function main(): Promise<void> {
  const storage = fileStorage(task.dir, { fs: dyingFileSystem(task), snapshotEvery: 4000 })
  await storage.open()
  say('open\n')
  async function caller(name: string): Promise<void> {
    for (let n = 1; ; n++) {
      await storage.commit([[...send(name, n), { op: 'put', key: `last/${name}`, value: FILLER }]])
      say(`${name} ${n}\n`)
    }
  }
  await Promise.all(Array.from({ length: task.callers }, (_, index) => caller(`${task.life}-${index}`)))
}

/** Said before the next step, so that a kill cannot lose it. A full pipe is tried again. */
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

main().catch((error: unknown) => {
  say(`failed ${String(error)}\n`)
  process.exitCode = 1
})
