// What an import costs, minified and brotlied: our own code and what is bundled into it. Measured + 5 %.
// Half of the guardrails are facts: phrases, names, area codes, postal codes, zones of countries, calling laws.
// The limits carry the zone laws that their days follow.
const BUDGETS = {
  index: '167 kB',
  permissions: '4.1 kB',
  guardrails: '84.5 kB',
  'circuit-breaker': '8.6 kB',
  limits: '7.5 kB',
  'storage/file': '11.9 kB',
}

const external = ['node:*', 'zod', 'write-file-atomic', 'eventemitter3']

export default Object.entries(BUDGETS).map(([name, limit]) => ({
  name: name === 'index' ? 'sendwarden' : `sendwarden/${name}`,
  path: `dist/${name}.js`,
  limit,
  modifyEsbuildConfig: (config) => ({ ...config, platform: 'node', external, logLevel: 'error' }),
}))
