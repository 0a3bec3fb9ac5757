import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { defineConfig } from 'tsup'
import { ENTRIES } from './test/packaging/entries.js'

/** Packages that are part of the built files and are not installed beside them: their licences travel along. */
const BUNDLED = ['p-limit', 'yocto-queue']

const present = ENTRIES.filter(({ source }) => existsSync(source))
for (const { source, specifier } of ENTRIES) {
  if (!existsSync(source)) console.warn(`missing room: ${specifier} (${source} does not exist yet; nothing is built for it)`)
}

export default defineConfig({
  entry: Object.fromEntries(present.map(({ source, built }) => [built.slice('dist/'.length), source])),
  format: ['esm', 'cjs'],
  target: 'node20.19',
  platform: 'node',
  removeNodeProtocol: false,
  dts: true,
  clean: true,
  // Shared chunks for both formats: one AsyncLocalStorage, one capability table per process and format.
  splitting: true,
  // Through rollup, because tsup's own CJS splitting rewrites every `?.` and `??` into closures.
  treeshake: true,
  sourcemap: false,
  noExternal: BUNDLED,
  onSuccess: async () => writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licences()),
})

function licences(): string {
  return BUNDLED.map((name) => {
    const folder = `node_modules/${name}`
    const { version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { version: string }
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    if (file === undefined) throw new Error(`${name} has no licence file to pass on`)
    return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`
  }).join('\n---\n\n')
}
