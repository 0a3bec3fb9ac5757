/**
 * The one list of what can be imported. A name is its folder under src/ and its sub-path: `storage/file` is
 * src/storage/file/index.ts and `sendwarden/storage/file`. tsup builds this list, package.json's `exports` and
 * `typesVersions` are written from it (`npm run exports`), and entries.test.ts fails when any of them differ.
 */
export const ROOMS = [
  'permissions',
  'guardrails',
  'circuit-breaker',
  'limits',
  'approvals',
  'orchestrator',
  'rollout',
  'audit',
  'storage/file',
  'storage/postgres',
  'storage/redis',
  'storage/sqlite',
  'http',
  'alerts',
  'testing',
] as const

/** Folders of src/ that are nobody's to import: they reach the outside through the root entry or a room. */
export const INNER_FOLDERS = ['core', 'ghl', 'gateway', 'storage', 'cli'] as const

/** Rooms that have a place but no door yet. */
export const LATER_ROOMS = ['context-handoff', 'lead-router'] as const

export interface Entry {
  /** What follows the package name: `.` or `./permissions`. */
  readonly subPath: string
  /** What a user writes: `sendwarden/permissions`. */
  readonly specifier: string
  readonly source: string
  /** The built file without its extension, relative to the package. */
  readonly built: string
}

export const ENTRIES: readonly Entry[] = [
  { subPath: '.', specifier: 'sendwarden', source: 'src/index.ts', built: 'dist/index' },
  ...ROOMS.map((room) => ({
    subPath: `./${room}`,
    specifier: `sendwarden/${room}`,
    source: `src/${room}/index.ts`,
    built: `dist/${room}`,
  })),
]

/** The fields of package.json that say where things are, for every resolver that is still in use. */
export function packageFields(entries: readonly Entry[] = ENTRIES) {
  const exports: Record<string, unknown> = {}
  const typesVersions: Record<string, string[]> = {}
  for (const { subPath, built } of entries) {
    exports[subPath] = {
      import: { types: `./${built}.d.ts`, default: `./${built}.js` },
      require: { types: `./${built}.d.cts`, default: `./${built}.cjs` },
    }
    // Node 10 resolution knows no `exports`; TypeScript's version of it reads this table.
    if (subPath !== '.') typesVersions[subPath.slice(2)] = [`./${built}.d.cts`]
  }
  exports['./package.json'] = './package.json'
  return {
    main: './dist/index.cjs',
    module: './dist/index.js',
    types: './dist/index.d.cts',
    exports,
    typesVersions: { '*': typesVersions },
  }
}
