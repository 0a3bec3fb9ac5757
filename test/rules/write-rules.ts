// npm run rules: writes docs/rules.md from the rule data.
import { writeFileSync } from 'node:fs'
import { rulesPage } from './rules-page.js'

writeFileSync('docs/rules.md', rulesPage())
