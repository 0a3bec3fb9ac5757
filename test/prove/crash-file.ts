import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStorage } from '../../src/storage/file/index.js'
import { buildChild } from './build-child.js'
import { type CrashTask, POINTS, type Point } from './crash-points.js'
import { audit, type Book, createBook, sumOf } from './ledger.js'
import { createRandom } from './random.js'

const KILLS = 1100
const CALLERS = 8
/** Kills of one directory: each recovery begins from what the last kill left. */
const LIVES = 25
const SHORTEST_LIFE_MS = 30
const LONGEST_LIFE_MS = 180
/** A named point that a life does not come to ends at any. */
const POINT_MS = 1500

export interface Figures {
  readonly kills: number
  readonly byPoint: ReadonlyMap<Point, number>
  readonly acknowledged: number
  /** Stored and not yet told. */
  readonly untold: number
  readonly lost: number
  /** Recoveries that found an interrupted write. */
  readonly torn: number
  /** Of the openings after a kill. */
  readonly recoveryMs: readonly number[]
  readonly faults: readonly string[]
}

/** `crash-file [kills] [seed]`: kill -9 at random moments and at named points of processes that send through the file engine. */
export async function prove([kills = String(KILLS), seed = '1']: readonly string[]): Promise<readonly string[]> {
  console.log(`crash-file: ${kills} kill -9 of processes with ${CALLERS} callers, seed ${seed}`)
  const figures = await crashFile({ kills: Number(kills), seed: Number(seed) })
  const { byPoint, acknowledged, untold, lost, torn, recoveryMs } = figures
  for (const [point, count] of byPoint) console.log(`  ${point.padEnd(22)} ${count}`)
  console.log(
    `kills ${figures.kills}  acknowledged ${acknowledged}  lost ${lost}  stored but not told ${untold}  interrupted writes ${torn}`,
  )
  console.log(
    `recovery p50 ${percentile(recoveryMs, 0.5)} ms  p99 ${percentile(recoveryMs, 0.99)} ms  max ${percentile(recoveryMs, 1)} ms`,
  )
  const control = await crashFile({ kills: 22, seed: Number(seed), careless: true })
  console.log(
    `control: told before it is written  lost ${control.lost} of ${control.acknowledged}, faults ${control.faults.length}`,
  )
  return control.faults.length > 0 ? figures.faults : [...figures.faults, 'the control, told before it is written, was not found']
}

export async function crashFile(size: { kills: number; seed: number; careless?: boolean }): Promise<Figures> {
  const root = mkdtempSync(join(tmpdir(), 'crash-file-'))
  const child = await buildChild('crash-file-child')
  const random = createRandom(size.seed)
  const byPoint = new Map<Point, number>()
  let [kills, acknowledged, untold, lost, torn] = [0, 0, 0, 0, 0]
  const recoveryMs: number[] = []
  const faults: string[] = []
  try {
    for (let directory = 0; kills < size.kills; directory++) {
      const dir = join(root, String(directory))
      const book = createBook()
      for (let number = 0; number < LIVES && kills < size.kills; number++) {
        const point = POINTS[kills % POINTS.length] ?? 'any'
        const visit = 1 + random.below(1 + random.below(point === 'before link' ? 1 : 30))
        const task = {
          dir,
          life: number,
          callers: CALLERS,
          point,
          visit,
          seed: random.below(2 ** 31),
          careless: size.careless === true,
        }
        const before = sumOf(book.acknowledged)
        const life = await liveUntilKilled(child.script, task, book, random.below(LONGEST_LIFE_MS - SHORTEST_LIFE_MS))
        kills++
        byPoint.set(life.point, (byPoint.get(life.point) ?? 0) + 1)
        const started = performance.now()
        const storage = fileStorage(dir)
        try {
          await storage.open()
          recoveryMs.push(performance.now() - started)
          const found = await audit(storage, book)
          const stored = (await storage.read(['q/month']))[0]?.count ?? 0
          untold += Math.max(0, stored - sumOf(book.acknowledged))
          lost += found.lost
          if ((storage.recovery()?.tornBytes ?? 0) > 0) torn++
          const told = [...life.faults, ...found.faults]
          faults.push(...told.map((fault) => `directory ${directory} life ${number} at ${point} ${visit}: ${fault}`))
          acknowledged += sumOf(book.acknowledged) - before
          if (told.length > 0) break
          // What was stored and not told is known now.
          for (const { key, value } of await storage.scan('done/', { limit: 100_000 }))
            book.acknowledged.set(key.slice(5), Number(value))
        } catch (error) {
          faults.push(`directory ${directory} life ${number} at ${point} ${visit}: ${String(error)}`)
          break
        } finally {
          await storage.close()
        }
      }
    }
  } finally {
    child.remove()
    rmSync(root, { recursive: true })
  }
  return { kills, byPoint, acknowledged, untold, lost, torn, recoveryMs, faults }
}

interface Life {
  /** Where it was when it died. */
  readonly point: Point
  readonly faults: readonly string[]
}

/** Starts a process and notes what it was told until it is dead. Returns what it said beside. */
async function liveUntilKilled(script: string, task: CrashTask, book: Book, ms: number): Promise<Life> {
  const child = spawn(process.execPath, [script, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  // A named point that is never reached ends the same way, a little later.
  let byParent = false
  const kill = () => {
    byParent = true
    child.kill('SIGKILL')
  }
  const timer = setTimeout(kill, task.point === 'any' ? SHORTEST_LIFE_MS + ms : POINT_MS)
  await once(child, 'close')
  clearTimeout(timer)
  const faults: string[] = []
  for (const line of said.split('\n').slice(0, -1)) {
    const [, caller, n] = /^(\d+-\d+) (\d+)$/.exec(line) ?? []
    if (caller !== undefined) book.acknowledged.set(caller, Number(n))
    else if (line !== 'open') faults.push(line)
  }
  // Each caller has one send under way at most.
  for (let index = 0; index < task.callers; index++) {
    const caller = `${task.life}-${index}`
    book.attempted.set(caller, (book.acknowledged.get(caller) ?? 0) + 1)
  }
  return { faults, point: byParent ? 'any' : task.point }
}

function percentile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)
}
