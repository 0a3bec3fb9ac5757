import type { KnipConfig } from 'knip'
import { ENTRIES } from './test/packaging/entries.js'

const config: KnipConfig = {
  entry: [
    ...ENTRIES.map(({ source }) => source),
    'examples/*.ts',
    'test/bench/{main,run,growth-worker}.ts',
    'test/examples/loopback-only.ts',
    'test/prove/{main,never-exceed-worker}.ts',
    'test/packaging/{package,check,write-exports,skips}.ts',
  ],
  project: ['src/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', '*.config.ts'],
  // A type that a public signature names has to be exported, also when nobody else imports it.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // Called by path from test/packaging/package.ts.
  ignoreDependencies: ['@arethetypeswrong/cli', 'publint'],
}

export default config
