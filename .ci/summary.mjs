// Prints the last line of a CI run from the test runner's own report, and fails when anything failed.
// usage: node .ci/summary.mjs <vitest's JSON report> <how many steps of the run broke>
import { readFileSync } from 'node:fs'

const [, , file, broken] = process.argv
const { passed, failed, skipped } = counts()
// A step that broke without a failed test (lint, types, packaging, a crash of the runner) is a failure of its own.
const otherwise = failed === 0 ? Number(broken) : 0
console.log(`${passed} passed, ${failed + otherwise} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed + otherwise > 0 || passed === 0 ? 1 : 0

function counts() {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    const skipped = report.numPendingTests + report.numTodoTests
    return { passed: report.numPassedTests, failed: report.numFailedTests, skipped }
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }
  }
}
