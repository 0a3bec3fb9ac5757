// npm run bench [-- <section> ...]: how fast it is, beside its peers. A benchmark, not a test: it fails on no time.
import { spawnSync } from 'node:child_process'
import { build } from 'tsup'

/** Below node_modules, so that the peers are found from there. */
const OUT = 'node_modules/.cache/sendwarden-bench'

// Built as users get it: running from source through a loader names every function anew and slows the smallest ones.
await build({
  config: false,
  silent: true,
  clean: true,
  entry: { run: 'test/bench/run.ts', 'growth-worker': 'test/bench/growth-worker.ts' },
  outDir: OUT,
  format: 'esm',
  target: 'node20.19',
  platform: 'node',
  skipNodeModulesBundle: true,
  treeshake: true,
})
const ALL = ['decision', 'content', 'time', 'execute', 'throughput', 'growth', 'breaker', 'limits', 'permissions', 'storage']
const wanted = process.argv.slice(2)
// Each section in a process of its own, as a user has it: what one warmed up or filled must not show in another.
for (const section of wanted.length > 0 ? wanted : ALL) {
  const { status } = spawnSync(process.execPath, ['--expose-gc', `${OUT}/run.js`, section], { stdio: 'inherit' })
  process.exitCode = process.exitCode || (status ?? 1)
}
