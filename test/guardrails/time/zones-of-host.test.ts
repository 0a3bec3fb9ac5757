import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('./print-openings.ts', import.meta.url))
const run = (TZ: string) =>
  execFileSync(process.execPath, ['--import', 'tsx', script], { env: { ...process.env, TZ }, encoding: 'utf8' })

test('openings are the same whatever zone the host keeps', () => {
  const utc = run('UTC')
  expect(utc.split('\n').length).toBeGreaterThan(900)
  expect(run('America/New_York')).toBe(utc)
  expect(run('Europe/London')).toBe(utc)
  expect(run('Australia/Lord_Howe')).toBe(utc)
})
