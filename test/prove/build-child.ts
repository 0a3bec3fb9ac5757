import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

/** Builds a script of this folder into one plain file, so that a thousand processes of it start quickly. */
export async function buildChild(name: string): Promise<{ readonly script: string; remove(): void }> {
  const outDir = mkdtempSync(join(tmpdir(), 'prove-child-'))
  const entry = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  await build({
    entry: [entry],
    outDir,
    format: 'cjs',
    target: 'node20',
    config: false,
    silent: true,
    noExternal: [/./],
    clean: false,
  })
  return { script: join(outDir, `${basename(name)}.cjs`), remove: () => rmSync(outDir, { recursive: true }) }
}
