import type { KnipConfig } from 'knip'
import { ENTRIES } from './test/packaging/entries.js'

const config: KnipConfig = {
  entry: [
    ...ENTRIES.map(({ source }) => source),
    'examples/*.ts',
    'test/bench/{main,run,growth-worker}.ts',
    'test/examples/loopback-only.ts',
    'test/prove/{main,*-worker,crash-file-child,locks-child,stopped-child}.ts',
    'test/packaging/{package,check,write-exports,skips}.ts',
  ],
  project: ['src/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', '*.config.ts'],
  // A type that a public signature names has to be exported, also when nobody else imports it.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // Part of every Linux; where they may not be used, the tests say so.
  ignoreBinaries: ['mount', 'umount'],
  // Called by path from test/packaging/package.ts; what brings the tests their SQLite, where it can.
  ignoreDependencies: ['@arethetypeswrong/cli', 'publint', 'sqlite-driver', 'better-sqlite3'],
}

export default config
