import { existsSync } from 'node:fs'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { ENTRIES } from './entries.js'

test('the exported names are those of public-face.txt (a wanted change: npx vitest run test/packaging -u)', {
  timeout: 120_000,
}, async () => {
  await expect(publicFace()).toMatchFileSnapshot('./public-face.txt')
})

/** One section per import path: values by name, then types as `type Name`. */
function publicFace(): string {
  const present = ENTRIES.filter(({ source }) => existsSync(source))
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, '.')
  const program = ts.createProgram(
    present.map(({ source }) => source),
    options,
  )
  const sections = present.map(({ source, specifier }) => `${[`# ${specifier}`, ...exportedNames(program, source)].join('\n')}\n`)
  return sections.join('\n')
}

function exportedNames(program: ts.Program, source: string): string[] {
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(source)
  const module = file && checker.getSymbolAtLocation(file)
  if (module === undefined) throw new Error(`${source} exports nothing`)
  const names = checker.getExportsOfModule(module).map((symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    const onlyType =
      (target.flags & ts.SymbolFlags.Value) === 0 || symbol.declarations?.some(ts.isTypeOnlyImportOrExportDeclaration)
    return onlyType === true ? `type ${symbol.name}` : symbol.name
  })
  return [...names.filter((name) => !name.startsWith('type ')).sort(), ...names.filter((name) => name.startsWith('type ')).sort()]
}
