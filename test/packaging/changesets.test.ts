import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('every changeset names the package, the size of the change, and says a sentence to its users', () => {
  const files = readdirSync('.changeset').filter((name) => name.endsWith('.md') && name !== 'README.md')
  const bad = files.filter((name) => {
    const text = readFileSync(`.changeset/${name}`, 'utf8')
    return !/^---\n'sendwarden': (patch|minor|major)\n---\n\n\S.{20,}/.test(text)
  })
  expect(bad).toEqual([])
})
