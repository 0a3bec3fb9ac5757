// A process that sends, one after the other, until it is refused: `stopped-child <dir> [careless]`. Says the number of each
// acknowledged send. `careless` has it believe in its lock for ever, and gives up after many sends: the control.
import { writeSync } from 'node:fs'
import { isStorageError } from '../../src/core/errors.js'
import { nodeFileSystem } from '../../src/storage/file/file-system.js'
import { fileStorage } from '../../src/storage/file/index.js'
import { send } from './ledger.js'

const [dir = '', how = ''] = process.argv.slice(2)
const CARELESS_SENDS = 2000

async function main(): Promise<void> {
  let identity: string | undefined
  const believing = { ...nodeFileSystem, identitySync: (path: string) => (identity ??= nodeFileSystem.identitySync(path)) }
  const storage = fileStorage(dir, how === 'careless' ? { fs: believing } : {})
  await storage.open()
  try {
    for (let n = 1; how !== 'careless' || n <= CARELESS_SENDS; n++) {
      await storage.commit([send('owner', n)])
      writeSync(1, `${n}\n`)
    }
  } catch (error) {
    writeSync(1, `${isStorageError(error) ? error.code : String(error)}\n`)
  }
  await storage.close().catch(() => undefined)
}

void main()
