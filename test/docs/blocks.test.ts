import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { afterAll, describe, expect, test } from 'vitest'
import { type Block, blocksOf, documents } from './blocks.js'

const folder = resolve('test/docs/.blocks')
const home = process.cwd()
const away = mkdtempSync(join(tmpdir(), 'sendwarden-docs-'))

const blocks = documents().flatMap(blocksOf)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
// Blank lines before the code, so that a line of the file is the same line of the document.
for (const block of blocks) writeFileSync(fileOf(block), `${'\n'.repeat(block.line - 1)}${block.code}\nexport {}\n`)

afterAll(() => {
  process.chdir(home)
  rmSync(away, { recursive: true, force: true })
})

test('every ts block of the documents type-checks', { timeout: 120_000 }, () => {
  expect(typeErrors(blocks)).toEqual([])
})

for (const block of blocks.filter(({ runs, isTest }) => runs && !isTest)) {
  test(`the block at ${block.name} runs`, async () => {
    // What a block writes (a storage folder, say) goes where nobody minds.
    process.chdir(mkdtempSync(join(away, 'block-')))
    await import(/* @vite-ignore */ pathToFileURL(fileOf(block)).href)
  })
}

for (const block of blocks.filter(({ runs, isTest }) => runs && isTest)) {
  describe(`the tests of ${block.name}`, async () => {
    await import(/* @vite-ignore */ pathToFileURL(fileOf(block)).href)
  })
}

function fileOf({ document, line }: Block): string {
  return join(folder, `${document.replaceAll(/[^\w.-]/g, '_')}.line-${line}.ts`)
}

/** One compilation of all blocks; errors as `README.md:47: message`. */
function typeErrors(all: readonly Block[]): string[] {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, home)
  const program = ts.createProgram(all.map(fileOf), options)
  return all.flatMap((block) => {
    const file = program.getSourceFile(fileOf(block))
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    return found.map(({ start, messageText }) => {
      const line = file === undefined || start === undefined ? block.line : file.getLineAndCharacterOfPosition(start).line + 1
      return `${block.document}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
  })
}
