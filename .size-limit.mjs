// What an import costs, minified and brotlied: our own code and what is bundled into it. Measured + 10 %.
// Half of the guardrails are facts: phrases, names, area codes, postal codes, zones of countries, calling laws.
// The limits carry the zone laws that their days follow.
const BUDGETS = {
  index: '150 kB',
  permissions: '4.1 kB',
  guardrails: '74.4 kB',
  'circuit-breaker': '7.8 kB',
  limits: '6.9 kB',
  'storage/file': '11.9 kB',
}

const external = ['node:*', 'zod', 'write-file-atomic', 'eventemitter3']

export default Object.entries(BUDGETS).map(([name, limit]) => ({
  name: name === 'index' ? 'sendwarden' : `sendwarden/${name}`,
  path: `dist/${name}.js`,
  limit,
  modifyEsbuildConfig: (config) => ({ ...config, platform: 'node', external, logLevel: 'error' }),
}))
