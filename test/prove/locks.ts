import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileStorage } from '../../src/storage/file/index.js'
import { checksum } from '../../src/storage/file/record.js'
import { buildChild } from './build-child.js'
import { proveOwners } from './lock-owners.js'

const RACES = 1000
const RACERS = 5
/** Time for all racers to hear of the race: they begin at the same moment. */
const HEAR_MS = 4
const STALE = 'stale'

export interface Figures {
  readonly races: number
  /** Races with none, one, more winners. */
  readonly winners: { none: number; one: number; more: number }
  readonly faults: readonly string[]
}

/** `locks [races]`: races on a stale lock, an owner that was stopped, and a pid that was used again. */
export async function prove([races = String(RACES)]: readonly string[]): Promise<readonly string[]> {
  console.log(`locks: ${races} races of ${RACERS} processes on a stale lock`)
  const { winners, faults } = await raceForLocks(Number(races), false)
  console.log(`one winner ${winners.one}  none ${winners.none}  more ${winners.more}`)
  const control = await raceForLocks(Number(races), true)
  console.log(
    `control: look, remove, make  one winner ${control.winners.one}  none ${control.winners.none}  more ${control.winners.more}`,
  )
  const unseen =
    control.winners.more > 0 ? [] : ['the control, a lock that is looked at, removed and made, had one winner each time']
  return [...faults, ...unseen, ...(await proveOwners())]
}

export async function raceForLocks(races: number, careless: boolean): Promise<Figures> {
  const root = mkdtempSync(join(tmpdir(), 'locks-'))
  const child = await buildChild('locks-child')
  const racers = Array.from({ length: RACERS }, () => startRacer(child.script, careless))
  const stale = await staleLock(join(root, 'sample'))
  const winners = { none: 0, one: 0, more: 0 }
  const faults: string[] = []
  try {
    // The control has shown what it is for at the first race that it loses.
    for (let race = 1; race <= races && !(careless && winners.more > 0); race++) {
      const dir = join(root, String(race))
      mkdirSync(dir)
      writeFileSync(join(dir, 'lock'), stale)
      // And every other time one that died while it was removing that lock.
      if (race % 2 === 0) writeFileSync(join(dir, `lock.claim-${checksum(Buffer.from(STALE))}`), stale.replace(STALE, 'claimant'))
      const at = Date.now() + HEAR_MS
      const said = await Promise.all(racers.map((racer) => racer.ask(`race ${dir} ${at}`)))
      const won = said.filter((line) => line === 'won').length
      winners[won === 0 ? 'none' : won === 1 ? 'one' : 'more']++
      if (won !== 1 || said.some((line) => line !== 'won' && line !== 'refused')) faults.push(`race ${race}: ${said.join(', ')}`)
      await Promise.all(racers.map((racer) => racer.ask('end')))
      rmSync(dir, { recursive: true })
    }
  } finally {
    for (const racer of racers) racer.end()
    child.remove()
    rmSync(root, { recursive: true })
  }
  return { races, winners, faults }
}

/** A lock as a process of this machine leaves it that was killed: ours, with a pid that nobody has. */
async function staleLock(dir: string): Promise<string> {
  const storage = fileStorage(dir)
  await storage.open()
  const owner = JSON.parse(readFileSync(join(dir, 'lock'), 'utf8')) as object
  await storage.close()
  return JSON.stringify({ ...owner, pid: 4_194_304, nonce: STALE })
}

function startRacer(script: string, careless: boolean): { ask(line: string): Promise<string>; end(): void } {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [script, careless ? 'careless' : ''], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async ask(line) {
      child.stdin.write(`${line}\n`)
      return String((await lines.next()).value)
    },
    end: () => child.stdin.end(),
  }
}
