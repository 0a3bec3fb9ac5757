import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ENTRIES, INNER_FOLDERS, LATER_ROOMS, packageFields, ROOMS } from './entries.js'

test('every room of the list has its door', () => {
  expect(ENTRIES.map(({ source }) => source).filter((source) => !existsSync(source))).toEqual([])
})

test('every folder of src is a room of the list, an inner folder, or a room that comes later', () => {
  const known = new Set<string>([...ROOMS, ...INNER_FOLDERS, ...LATER_ROOMS])
  const folders = [...foldersIn('src'), ...foldersIn('src/storage').map((name) => `storage/${name}`)]
  expect(folders.filter((name) => !known.has(name))).toEqual([])
})

test('a room that comes later has no door before it is in the list', () => {
  expect(LATER_ROOMS.filter((room) => existsSync(`src/${room}/index.ts`))).toEqual([])
})

test('package.json says what the list says (mend with: npm run exports)', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>
  const { main, module, types, exports, typesVersions } = manifest
  expect({ main, module, types, exports, typesVersions }).toEqual(packageFields())
})

test('every dependency is pinned to one version', () => {
  type Manifest = Partial<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>>
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
  const driver = JSON.parse(readFileSync('test/storage/sqlite-driver/package.json', 'utf8')) as Manifest
  const all = { ...dependencies, ...devDependencies, ...driver.optionalDependencies }
  const loose = Object.entries(all).filter(
    ([, range]) => range !== 'file:test/storage/sqlite-driver' && !/^(npm:.+@)?\d+\.\d+\.\d+$/.test(range),
  )
  expect(loose).toEqual([])
})

test('what a user has to install stays what was agreed, and no HTTP client or CRM SDK is among them', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> }
  expect(['eventemitter3', 'write-file-atomic', 'zod']).toEqual(expect.arrayContaining(Object.keys(dependencies)))
})

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
}
