// One process of the proof: `never-exceed-worker.ts <task as JSON>`. Says ready, begins at the first byte of its input.
import { once } from 'node:events'
import { engineNamed } from './engines.js'
import { type Task, work } from './never-exceed-work.js'

const task = JSON.parse(process.argv[2] ?? '{}') as Task
const connection = await engineNamed(task.engine).connect(task.namespace)
process.stdout.write('ready\n')
await once(process.stdin, 'data')
process.stdin.destroy()
const accepted = await work(task, connection)
await connection.close()
process.stdout.write(`accepted ${accepted}\n`)
