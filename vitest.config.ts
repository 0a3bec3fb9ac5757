import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const src = fileURLToPath(new URL('./src/', import.meta.url))

export default defineConfig({
  resolve: {
    // Tests and docs write `sendwarden/<room>` as a user does, and mean the source.
    alias: [
      { find: /^sendwarden$/, replacement: `${src}index.ts` },
      { find: /^sendwarden\/(.+)$/, replacement: `${src}$1/index.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/packaging/skips.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
