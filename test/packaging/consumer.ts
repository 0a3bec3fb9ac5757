import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { ENTRIES } from './entries.js'

const NAMESPACES = ENTRIES.map(({ specifier }, index) => ({ specifier, local: `room${index}` }))

/** An empty project of somebody else's: the tarball, its dependencies from the ordinary client, and Node's types. */
export function installInto(project: string, tarball: string): void {
  mkdirSync(project, { recursive: true })
  writeJson(join(project, 'package.json'), { name: 'consumer', version: '1.0.0', private: true })
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: Record<string, string> }
  const types = `@types/node@${devDependencies['@types/node']}`
  const args = ['install', tarball, types, '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--silent']
  execFileSync('npm', args, { cwd: project, stdio: 'pipe', encoding: 'utf8' })
}

/** Loads every sub-path both ways, in processes of their own, and compares the names. */
export function loadEverySubPath(project: string): void {
  const list = JSON.stringify(ENTRIES.map(({ specifier }) => specifier))
  const print = 'console.log(JSON.stringify(names))'
  const esm = `const names = {}\nfor (const path of ${list}) names[path] = Object.keys(await import(path)).sort()\n${print}\n`
  const cjs = `const names = {}\nfor (const path of ${list}) names[path] = Object.keys(require(path)).sort()\n${print}\n`
  const imported = outputOf(project, 'load.mjs', esm)
  const required = outputOf(project, 'load.cjs', cjs)
  if (imported !== required) throw new Error(`import and require differ:\n${imported}\n${required}`)
  const empty = Object.entries(JSON.parse(imported) as Record<string, string[]>).filter(([, names]) => names.length === 0)
  if (empty.length > 0) throw new Error(`these export nothing: ${empty.map(([path]) => path).join(' ')}`)
}

/**
 * Type-checks one importing file, and our own declarations with it, under every resolution TypeScript has. The
 * declarations of zod and Node are read but not judged: zod's do not pass without `esModuleInterop`.
 */
export function compileInEveryMode(project: string): void {
  const imports = NAMESPACES.map(({ specifier, local }) => `import * as ${local} from '${specifier}'`)
  const source = `${[...imports, `export const rooms = [${NAMESPACES.map(({ local }) => local).join(', ')}]`, NOT_ANY].join('\n')}\n`
  for (const file of ['consumer.ts', 'consumer.mts', 'consumer.cts']) writeFileSync(join(project, file), source)
  const modes = [
    { module: 'commonjs', moduleResolution: 'node10', files: ['consumer.ts'] },
    { module: 'node16', moduleResolution: 'node16', files: ['consumer.mts', 'consumer.cts'] },
    { module: 'nodenext', moduleResolution: 'nodenext', files: ['consumer.mts', 'consumer.cts'] },
    { module: 'esnext', moduleResolution: 'bundler', files: ['consumer.ts'] },
  ]
  const errors = modes.flatMap((mode) =>
    compile(project, mode).map((error) => `${mode.module} + ${mode.moduleResolution}: ${error}`),
  )
  if (errors.length > 0) throw new Error(errors.slice(0, 20).join('\n'))
}

function compile(project: string, { files, ...mode }: { module: string; moduleResolution: string; files: string[] }): string[] {
  const strict = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true }
  const compilerOptions = { ...strict, ...mode, target: 'es2022', lib: ['es2023'], types: ['node'] }
  const { fileNames, options } = ts.parseJsonConfigFileContent(
    { compilerOptions, files },
    ts.sys,
    project,
    undefined,
    join(project, 'tsconfig.json'),
  )
  const program = ts.createProgram(fileNames, options)
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => !fileName.includes('/node_modules/') || fileName.includes('/sendwarden/dist/'))
  if (ours.length < ENTRIES.length) throw new Error(`only ${ours.length} of our declaration files were found`)
  const found = [
    ...program.getOptionsDiagnostics(),
    ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ]
  return found.map(({ file, messageText }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
}

/** A namespace that resolved to `any` would compile too: these lines would not. */
const NOT_ANY = [
  'type IsAny<T> = 0 extends 1 & T ? true : false',
  ...NAMESPACES.map(({ local }) => `export const ${local}IsAny: IsAny<typeof ${local}> = false`),
].join('\n')

function outputOf(project: string, name: string, code: string): string {
  writeFileSync(join(project, name), code)
  return execFileSync(process.execPath, [name], { cwd: project, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' }).trim()
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, JSON.stringify(value, null, 2))
}
