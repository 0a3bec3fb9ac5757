import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createNarrator } from '../../examples/demo/narrator.js'

/** Runs a script in a process of its own that may only talk to this machine. */
function run(...script: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { FORCE_COLOR: _, NO_COLOR: __, ...env } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', '--import', './test/examples/loopback-only.ts', ...script], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, out, err }))
  })
}

test('the demo tells its story to the end, to this machine only, without warnings or colours', { timeout: 120_000 }, async () => {
  const { code, out, err } = await run('examples/demo.ts')
  expect({ code, err }, out.slice(-500)).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/ (\d+) calls changed something; the gateway let \1 through\.[^\n]*\n\naudit: verified \(\d+ records\)\n$/)
  expect(out).not.toContain('\u001b')
})

test('the demo cannot lie: an attempt that ends otherwise than told ends the story', async () => {
  const { attempt } = createNarrator(Date.now, () => undefined)
  await expect(attempt('outreach', 'mails Ann', 'email.min_delay', async () => 'sent')).rejects.toThrow(
    'outreach mails Ann: it was to end with email.min_delay, not failed',
  )
})

test.each([
  ['official-sdk.ts', /^Not sent: .*unsubscribe.*\nSent\.\n1 mail left\.\n$/],
  [
    'axios-or-fetch.ts',
    /^fetch reads: 200\naxios reads: 200\ncrm removes: permission\.denied\n2 requests arrived, 0 of them to delete\.\n$/,
  ],
  ['test-a-guardrail.ts', /pass 5\n[^\n]*fail 0\n/],
])('examples/%s runs and says what it should', { timeout: 60_000 }, async (name, said) => {
  const { code, out, err } = await run(`examples/${name}`)
  expect({ code, err }, out).toEqual({ code: 0, err: '' })
  expect(out).toMatch(said)
})

test('every example is run here', () => {
  const files = readdirSync('examples').filter((name) => name.endsWith('.ts'))
  expect(files.sort()).toEqual(['axios-or-fetch.ts', 'demo.ts', 'official-sdk.ts', 'test-a-guardrail.ts'])
})

test.each([
  ['fetch', "await fetch('http://192.0.2.1/').catch(() => undefined)"],
  ['a name', "await fetch('http://host.invalid/').catch(() => undefined)"],
  ['axios', "const { default: axios } = await import('axios'); await axios.get('http://192.0.2.1/').catch(() => undefined)"],
])('the guard of this test sees %s leave', async (_, code) => {
  expect(await run('--input-type=module', '--eval', code)).toMatchObject({
    code: 99,
    err: expect.stringContaining('not loopback'),
  })
})
