// npm run exports: writes the fields made from entries.ts into package.json.
import { readFileSync, writeFileSync } from 'node:fs'
import { packageFields } from './entries.js'

const file = new URL('../../package.json', import.meta.url)
const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
writeFileSync(file, `${JSON.stringify({ ...manifest, ...packageFields() }, null, 2)}\n`)
