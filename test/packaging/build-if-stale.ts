import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const INPUTS = ['src', 'package.json', 'tsup.config.ts', 'test/packaging/entries.ts']
const LOCK = 'node_modules/.cache/sendwarden-build.lock'
/** Written when a build is done. */
const LAST_BUILT = 'dist/THIRD-PARTY-LICENSES.txt'
const GIVE_UP_MS = 120_000

/** Builds the JavaScript (not the types) when a source is newer than dist/. Two callers at once build once. Throws when the build fails. */
export async function buildIfStale(): Promise<void> {
  if (isFresh()) return
  await lock()
  try {
    if (!isFresh()) build()
  } finally {
    rmdirSync(LOCK)
  }
}

function isFresh(): boolean {
  return existsSync(LAST_BUILT) && Math.max(...INPUTS.map(newest)) < statSync(LAST_BUILT).mtimeMs
}

/** A folder's own time counts too: it changes when a file is removed. */
function newest(path: string): number {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function build(): void {
  const { status } = spawnSync(process.execPath, ['node_modules/tsup/dist/cli-default.js', '--no-dts', '--silent'], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) throw new Error('the build failed (npm run build shows why)')
}

async function lock(): Promise<void> {
  mkdirSync('node_modules/.cache', { recursive: true })
  for (const until = Date.now() + GIVE_UP_MS; ; ) {
    try {
      return mkdirSync(LOCK)
    } catch {
      if (Date.now() > until) throw new Error(`another build has been running for too long; if it is dead, remove ${LOCK}`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}
