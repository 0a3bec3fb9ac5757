import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const src = fileURLToPath(new URL('../src', import.meta.url))

/** What each room may import beside itself and `core`. Types of a port are a port's business, so they may be named. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  permissions: [],
  guardrails: [],
  approvals: [],
  orchestrator: [],
  rollout: [],
  audit: [],
  'circuit-breaker': ['storage'],
  limits: ['storage'],
  http: [],
  storage: [],
  alerts: [],
  ghl: ['http'],
  testing: ['storage', 'http'],
  gateway: [
    'permissions',
    'guardrails',
    'approvals',
    'orchestrator',
    'rollout',
    'audit',
    'circuit-breaker',
    'limits',
    'http',
    'storage',
    'alerts',
    'ghl',
  ],
}
const PURE = ['permissions', 'guardrails', 'approvals', 'orchestrator', 'rollout', 'audit', 'limits']

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))

function importsOf(path: string): Import[] {
  const text = readFileSync(join(src, path), 'utf8')
  const found = text.matchAll(/^(?:import|export)\s+(type\s+)?[^'";]*?from\s+'([^']+)'/gm)
  return [...found].map(([, typeOnly, target = '']) => ({
    from: path,
    to: target.startsWith('.') ? relative(src, join(src, dirname(path), target)) : target,
    typeOnly: typeOnly !== undefined,
  }))
}

const room = (path: string) => path.split('/')[0] ?? ''
const imports = files.flatMap(importsOf)

test('imports point one way: core, then the pure rooms and ports, then the gateway', () => {
  const wrong = imports.filter(({ from, to }) => {
    const [home, target] = [room(from), room(to)]
    if (!from.includes('/') || !to.includes('/') || !(target in MAY_IMPORT) || home === target || target === 'core') return false
    return !MAY_IMPORT[home]?.includes(target)
  })
  expect(wrong).toEqual([])
})

test('a pure room does no I/O: of Node it uses crypto and url helpers at most', () => {
  const wrong = imports.filter(
    ({ from, to }) => PURE.includes(room(from)) && to.startsWith('node:') && !['node:crypto', 'node:url'].includes(to),
  )
  expect(wrong).toEqual([])
})

test('a pure room has no clock of its own', () => {
  const wrong = files.filter(
    (path) =>
      PURE.includes(room(path)) &&
      /\bDate\.now\(|\bnew Date\(\)|performance\.now\(|setTimeout\(|setInterval\(/.test(readFileSync(join(src, path), 'utf8')),
  )
  expect(wrong).toEqual([])
})

test('the storage port is all that the rooms for standalone use know of storage', () => {
  const wrong = imports.filter(
    ({ from, to }) => ['circuit-breaker', 'limits'].includes(room(from)) && room(to) === 'storage' && to !== 'storage/storage.js',
  )
  expect(wrong).toEqual([])
})
