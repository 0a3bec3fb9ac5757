import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isStorageError } from '../../src/core/errors.js'
import { fileStorage } from '../../src/storage/file/index.js'
import { buildChild } from './build-child.js'
import { audit, createBook } from './ledger.js'

interface LockFile {
  readonly pid: number
  readonly start: string | null
  readonly boot: string | null
  readonly namespace: string | null
  readonly host: string
}

/** What of a lock is changed, and whether its directory may then be taken. */
export const OWNERS: Readonly<
  Record<string, { readonly change: Partial<LockFile>; readonly soleMount: boolean; readonly taken: boolean }>
> = {
  'this very process': { change: {}, soleMount: false, taken: false },
  'the same pid, another start time': { change: { start: '1' }, soleMount: false, taken: true },
  'another boot': { change: { boot: 'other' }, soleMount: false, taken: false },
  'another pid namespace': { change: { namespace: 'pid:[1]' }, soleMount: false, taken: false },
  'another host': { change: { host: 'other' }, soleMount: false, taken: false },
  'another pid namespace, sole mount': { change: { namespace: 'pid:[1]' }, soleMount: true, taken: true },
}

export async function proveOwners(): Promise<string[]> {
  const faults: string[] = []
  for (const [name, { taken }] of Object.entries(OWNERS)) {
    const found = await openBeside(name)
    console.log(`lock of ${name}: ${found ? 'taken over' : 'refused'}`)
    if (found !== taken) faults.push(`a lock of ${name} was ${found ? 'taken over' : 'refused'}`)
  }
  const stopped = await stopOwner(false)
  console.log(
    `owner stopped and taken over: told of ${stopped.told} sends, of which ${stopped.told - stopped.known} after the takeover; it ended with: ${stopped.last}`,
  )
  if (stopped.told > stopped.known) faults.push('a stopped owner acknowledged after it was taken over')
  faults.push(...stopped.faults)
  const control = await stopOwner(true)
  console.log(`control: an owner that does not look at its lock acknowledged ${control.told - control.known} more`)
  if (control.told <= control.known)
    faults.push('the control, an owner that does not look at its lock, acknowledged nothing more')
  return faults
}

/** Whether a directory with such a lock can be opened. */
export async function openBeside(name: keyof typeof OWNERS): Promise<boolean> {
  const { change, soleMount } = OWNERS[name] ?? { change: {}, soleMount: false }
  const dir = mkdtempSync(join(tmpdir(), 'lock-owner-'))
  const owner = fileStorage(dir)
  await owner.open()
  const path = join(dir, 'lock')
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }))
  const other = fileStorage(dir, { soleMount })
  try {
    await other.open()
    return true
  } catch (error) {
    if (isStorageError(error) && error.code === 'locked') return false
    throw error
  } finally {
    await other.close()
    await owner.close()
    rmSync(dir, { recursive: true })
  }
}

/**
 * Stops a sending process, takes its directory over as from another boot, lets it go on. `known`: what of its sends the new owner
 * found; `told`: what it was told in all. `careless` lets it go on without a look at its lock.
 */
export async function stopOwner(
  careless: boolean,
): Promise<{ known: number; told: number; last: string; faults: readonly string[] }> {
  const dir = mkdtempSync(join(tmpdir(), 'lock-stop-'))
  const built = await buildChild('stopped-child')
  const child = spawn(process.execPath, [built.script, dir, careless ? 'careless' : ''], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  const enough = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.split('\n').length > 20) resolve()
    })
  })
  await enough
  child.kill('SIGSTOP')
  const path = join(dir, 'lock')
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), boot: 'other' }))
  const storage = fileStorage(dir, { soleMount: true })
  await storage.open()
  const known = (await storage.read(['q/month']))[0]?.count ?? 0
  child.kill('SIGCONT')
  await once(child, 'close')
  const lines = said.split('\n').slice(0, -1)
  const told = lines.filter((line) => /^\d+$/.test(line)).length
  const book = createBook()
  book.attempted.set('owner', known)
  book.acknowledged.set('owner', careless ? 0 : told)
  await storage.close()
  const again = fileStorage(dir)
  await again.open()
  const { faults } = await audit(again, book)
  await again.close()
  built.remove()
  rmSync(dir, { recursive: true })
  return { known, told, last: lines.at(-1) ?? '', faults }
}
