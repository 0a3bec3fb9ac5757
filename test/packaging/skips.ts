import type { Reporter, TestModule } from 'vitest/node'

/** Prints why each skipped test was skipped. A skip without a reason (`context.skip('why')`) fails the run; in CI any does. */
export default class Skips implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const result = test.result()
        const note = result.state === 'skipped' ? result.note : undefined
        console.log(`SKIPPED ${module.relativeModuleId} > ${test.fullName}: ${note ?? 'no reason given, which fails the run'}`)
        if (note === undefined || process.env.CI === 'true') process.exitCode = 1
      }
    }
  }
}
