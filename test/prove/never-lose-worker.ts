// One process of the proof: `never-lose-worker.ts <task as JSON>`. Says ready, begins at the first byte of its input.
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { engineNamed } from './engines.js'
import { countingLater, insistent } from './insistent.js'
import { work } from './never-exceed-work.js'
import type { LossTask } from './never-lose.js'

const task = JSON.parse(process.argv[2] ?? '{}') as LossTask
const connection = await engineNamed(task.engine).connect(task.namespace, task.url)
const later = task.late ? countingLater(connection.storage) : undefined
const storage = later?.storage ?? insistent(connection.storage)
say('ready')
await once(process.stdin, 'data')
process.stdin.destroy()
try {
  await work(task, { ...connection, storage }, (id) => say(`ack ${id}`))
  await later?.settled()
} catch (error) {
  say(`threw ${error instanceof Error ? error.message : String(error)}`)
}
await connection.close()

/** Written before the next step, so that a kill cannot lose what was said. A full pipe is tried again. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, `${line}\n`)
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    }
  }
}
