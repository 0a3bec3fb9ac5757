import { COMPLIANCE_RULES } from '../compliance/rules.js'
import { CONTENT_RULES } from '../content/rules.js'
import type { Rule } from './rule.js'

/** Every rule there is data of. An id may stand here several times: once for each law it follows from. */
export const RULES: readonly Rule[] = [...COMPLIANCE_RULES, ...CONTENT_RULES]
