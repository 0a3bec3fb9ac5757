/** One case of a vectors file, judged. `skipped` says why the file's own page lets it be skipped. */
export interface CaseResult {
  readonly id: string
  readonly ok: boolean
  readonly skipped?: string
  readonly expected?: unknown
  readonly got?: unknown
}

export type Suite = (file: unknown) => readonly CaseResult[] | Promise<readonly CaseResult[]>

/** Suite name → how to load its judge. The judges import `sendwarden/<room>`: the source under vitest, the build here. */
export const SUITES = {
  permissions: async () => (await import('./permissions.js')).runPermissionsSuite,
  platforms: async () => (await import('./platforms.js')).runPlatformsSuite,
  'domain-health': async () => (await import('./domain-health.js')).runDomainHealthSuite,
  content: async () => (await import('./content.js')).runContentSuite,
  'email-content': async () => (await import('./email-content.js')).runEmailContentSuite,
  'quiet-hours': async () => (await import('./quiet-hours.js')).runQuietHoursSuite,
  breaker: async () => (await import('./breaker.js')).runBreakerSuite,
  orchestrator: async () => (await import('./orchestrator.js')).runOrchestratorSuite,
} as const satisfies Record<string, () => Promise<Suite>>

export type SuiteName = keyof typeof SUITES

/** The vectors of each suite that travel with the repository, in test/vectors/. */
export const VECTORS: { readonly [name in SuiteName]: string } = {
  permissions: 'permission-matrix.json',
  platforms: 'platform-matrix.json',
  'domain-health': 'domain-health.json',
  content: 'content-cases.json',
  'email-content': 'email-content.json',
  'quiet-hours': 'quiet-hours.json',
  breaker: 'breaker-peer-cases.json',
  orchestrator: 'orchestrator.json',
}
