// npm run package: builds, packs, and uses the tarball as its users will. Prints one line per fact shown, stops at the first that is not so.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compileInEveryMode, installInto, loadEverySubPath } from './consumer.js'
import { ENTRIES } from './entries.js'

const scratch = mkdtempSync(join(tmpdir(), 'sendwarden-package-'))
try {
  main()
} catch (error) {
  console.error(`package: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function main(): void {
  run('the build succeeds', 'node_modules/tsup/dist/cli-default.js', ['--silent'])
  check('every entry has its four files, and nothing else but shared chunks is built', compareBuiltFiles)
  const tarball = pack()
  run('publint finds nothing', 'node_modules/publint/src/cli.js', ['run', tarball, '--strict'])
  run('every kind of resolution finds the right types', 'node_modules/@arethetypeswrong/cli/dist/index.js', [
    tarball,
    '--no-emoji',
  ])
  run('the entries stay in their size budgets', 'node_modules/size-limit/bin.js', [])
  const project = join(scratch, 'project')
  check('the tarball installs into an empty project', () => installInto(project, tarball))
  check('every sub-path loads by import and by require, with the same names', () => loadEverySubPath(project))
  check('a consumer compiles under commonjs + node10, node16, nodenext and bundler', () => compileInEveryMode(project))
}

function compareBuiltFiles(): void {
  const wanted = ENTRIES.flatMap(({ built }) =>
    ['.js', '.cjs', '.d.ts', '.d.cts'].map((ending) => built.slice('dist/'.length) + ending),
  )
  const missing = wanted.filter((file) => !existsSync(join('dist', file)))
  const files = readdirSync('dist', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const names = files.map((entry) => join(entry.parentPath, entry.name).slice('dist/'.length))
  const shared = /^([\w-]+-[\w-]{8}\.(js|cjs|d\.ts|d\.cts)|THIRD-PARTY-LICENSES\.txt)$/
  const extra = names.filter((name) => !wanted.includes(name) && !shared.test(name))
  if (missing.length > 0 || extra.length > 0)
    throw new Error(`missing: ${missing.join(' ') || '-'}; not in the list: ${extra.join(' ') || '-'}`)
}

function pack(): string {
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', scratch], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string; version: string }
  return resolve(scratch, `${name}-${version}.tgz`)
}

function run(fact: string, script: string, args: readonly string[]): void {
  check(fact, () => execFileSync(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' }))
}

function check(fact: string, body: () => unknown): void {
  const began = Date.now()
  try {
    body()
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string }
    throw new Error(`NOT SO: ${fact}\n${message}\n${stdout ?? ''}${stderr ?? ''}`)
  }
  console.log(`ok: ${fact} (${Date.now() - began} ms)`)
}
