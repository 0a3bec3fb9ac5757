import { isStorageError } from '../../src/core/errors.js'
import { fileStorage } from '../../src/storage/file/index.js'
import { encodeRecord } from '../../src/storage/file/record.js'
import { createFakeFs, type FakeFs } from '../storage/fake-fs.js'

export type Files = ReadonlyMap<string, Buffer>

/** A store that was closed: its files, and everything they hold. */
export interface Specimen {
  readonly name: string
  readonly files: Files
  readonly state: string
}

interface Tally {
  exact: number
  refused: number
  readonly faults: string[]
}

/** How a byte is damaged. */
const FLIPS: Readonly<Record<string, (byte: number, at: number) => number>> = {
  'one bit': (byte, at) => byte ^ (1 << (at % 8)),
  'all bits': (byte) => byte ^ 0xff,
  zeroed: () => 0,
}

/** Of the zeros at the end of a journal that is not the last, which nobody reads, one in so many is damaged. */
const UNREAD_STEP = 61

/** `every-byte`: every file of two stores cut at every byte, and every byte of them changed in three ways. */
export async function prove(): Promise<readonly string[]> {
  console.log(
    `every-byte: a damaged store opens with the exact state or is refused, never with less (of zeros that nobody reads, one in ${UNREAD_STEP})`,
  )
  const faults: string[] = []
  let cases = 0
  for (const specimen of [await smallRecords(), await largeRecords()]) {
    for (const path of specimen.files.keys()) {
      const bytes = `${specimen.files.get(path)?.length ?? 0} bytes`.padStart(13)
      const step = path.includes('journal-') && path !== lastJournal(specimen.files) ? UNREAD_STEP : 1
      for (const [what, damage] of Object.entries({ cut: cutEvery, flip: flipEvery })) {
        const tally = await damage(specimen, path, step)
        const { exact, refused } = tally
        cases += exact + refused + tally.faults.length
        faults.push(...tally.faults)
        console.log(
          `${specimen.name.padEnd(14)} ${path.slice(7).padEnd(21)} ${bytes}  ${what.padEnd(4)}  exact ${exact}  refused ${refused}`,
        )
      }
    }
  }
  console.log(`${cases} cases, ${faults.length} faults`)
  const forged = await forge(await smallRecords())
  console.log(`control: an edited counter with its checksum mended  ${forged.faults.length > 0 ? 'is found' : 'IS NOT FOUND'}`)
  if (forged.faults.length === 0) faults.push('the control, an edited counter, was taken for the exact state')
  return faults
}

/** Cuts a file at every byte, or every `step`-th of the zeros at its end. */
export async function cutEvery({ files, state }: Specimen, path: string, step = 1): Promise<Tally> {
  const judge = createJudge(state)
  const whole = files.get(path) ?? Buffer.alloc(0)
  const written = writtenIn(whole)
  for (let length = 0; length < whole.length; length += length <= written ? 1 : step)
    await judge.look(new Map(files).set(path, whole.subarray(0, length)), `${path} cut to ${length} bytes`)
  return judge.tally
}

/** Changes every byte of a file in each way; the zeros at its end, or every `step`-th of them, in one. */
export async function flipEvery({ files, state }: Specimen, path: string, step = 1): Promise<Tally> {
  const judge = createJudge(state)
  const whole = files.get(path) ?? Buffer.alloc(0)
  const written = writtenIn(whole)
  for (let at = 0; at < whole.length; at += at < written ? 1 : step) {
    for (const [how, flip] of Object.entries(FLIPS)) {
      const byte = whole[at] ?? 0
      if (flip(byte, at) === byte || (at > written && how !== 'one bit')) continue
      const changed = Buffer.from(whole)
      changed[at] = flip(byte, at)
      await judge.look(new Map(files).set(path, changed), `${path} byte ${at} ${how}`)
    }
  }
  return judge.tally
}

/** The control: an edit that no checksum can tell. The proof has to see it. */
export async function forge({ files, state }: Specimen): Promise<Tally> {
  const judge = createJudge(state)
  const path = lastJournal(files)
  const whole = Buffer.from(files.get(path) ?? Buffer.alloc(0))
  const last = whole.toString('latin1', 0, whole.lastIndexOf('\n')).split('\n').at(-1) ?? ''
  const start = whole.lastIndexOf(last, undefined, 'latin1')
  const edited = last.slice(last.indexOf('[')).replace(/(\d)(?=\]\]\]\])/, (digit) => String((Number(digit) + 9) % 10))
  encodeRecord(edited).copy(whole, start)
  await judge.look(new Map(files).set(path, whole), `${path} edited`)
  return judge.tally
}

/** Both snapshots, journals between and after them, and a last journal with commits of its own. */
export async function smallRecords(): Promise<Specimen> {
  const fs = createFakeFs()
  const first = fileStorage('/store', { fs, snapshotEvery: 200 })
  await first.open()
  for (let more = 6; more > 0; ) {
    await first.commit([[{ op: 'add', key: 'q/a', by: 1 }]])
    if (fs.files.has('/store/snapshot.prev.json')) more--
  }
  await first.close()
  const second = fileStorage('/store', { fs })
  await second.open()
  for (let n = 0; n < 3; n++) await second.commit([[{ op: 'add', key: 'q/a', by: 1 }]])
  await second.close()
  return await specimen('small records', fs)
}

/** Records of several sectors, so that each begins and ends elsewhere in one. */
export async function largeRecords(): Promise<Specimen> {
  const fs = createFakeFs()
  const storage = fileStorage('/store', { fs })
  await storage.open()
  for (const length of [10, 420, 1300, 2600])
    await storage.commit([
      [
        { op: 'put', key: `v/${length}`, value: '@ é'.repeat(length / 4) },
        { op: 'add', key: 'q/a', by: 1 },
      ],
    ])
  await storage.close()
  return await specimen('large records', fs)
}

function writtenIn(whole: Buffer): number {
  return whole.findLastIndex((byte) => byte !== 0) + 1
}

function lastJournal(files: Files): string {
  return (
    [...files.keys()]
      .filter((name) => name.includes('journal-'))
      .toSorted()
      .at(-1) ?? ''
  )
}

async function specimen(name: string, fs: FakeFs): Promise<Specimen> {
  fs.crash()
  const files = fs.snapshot()
  const state = await stateIn(createFakeFs(), files)
  return { name, files, state }
}

function createJudge(state: string): { look(files: Files, what: string): Promise<void>; readonly tally: Tally } {
  const fs = createFakeFs()
  const tally: Tally = { exact: 0, refused: 0, faults: [] }
  return {
    tally,
    async look(files, what) {
      const found = await stateIn(fs, files)
      if (found === state) tally.exact++
      else if (found === 'corrupt' || found === 'unavailable') tally.refused++
      else tally.faults.push(`${what}: ${found.slice(0, 200)}`)
    },
  }
}

/** Everything a store of these files holds, or the code of its refusal. */
async function stateIn(fs: FakeFs, files: Files): Promise<string> {
  fs.restore(files)
  const storage = fileStorage('/store', { fs })
  try {
    await storage.open()
    return JSON.stringify(await storage.scan('', { limit: 1000 }))
  } catch (error) {
    return isStorageError(error) ? error.code : String(error)
  } finally {
    await storage.close()
  }
}
