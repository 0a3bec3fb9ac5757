import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const FOLDERS = ['src', 'test', 'examples', 'docs']
const FILES = [
  'package.json',
  'tsconfig.json',
  'tsup.config.ts',
  'vitest.config.ts',
  'biome.json',
  'knip.ts',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
]
const NOT_COMMITTED = ['node_modules', 'dist', 'coverage']

test('the top level holds the agreed names and nothing else but dot-files and dot-folders', () => {
  const names = readdirSync('.').filter(
    (name) => !name.startsWith('.') && !NOT_COMMITTED.includes(name) && !name.endsWith('.tgz'),
  )
  expect(names.filter((name) => !FOLDERS.includes(name) && !FILES.includes(name))).toEqual([])
})

test('what is not committed is ignored by git', () => {
  const ignored = readFileSync('.gitignore', 'utf8').split('\n')
  expect(NOT_COMMITTED.filter((name) => !ignored.includes(`${name}/`))).toEqual([])
})
