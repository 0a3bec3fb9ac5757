// What an import costs, minified and brotlied, our own code and what is bundled into it; measured + 10 %.
const BUDGETS = {
  index: '200 kB',
}

const external = ['node:*', 'zod', 'write-file-atomic', 'eventemitter3']

export default Object.entries(BUDGETS).map(([name, limit]) => ({
  name: name === 'index' ? 'sendwarden' : `sendwarden/${name}`,
  path: `dist/${name}.js`,
  limit,
  modifyEsbuildConfig: (config) => ({ ...config, platform: 'node', external }),
}))
