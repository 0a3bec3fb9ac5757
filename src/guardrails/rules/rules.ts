import { COMPLIANCE_RULES } from '../compliance/rules.js'
import { CONTENT_RULES } from '../content/rules.js'
import { HEALTH_RULES } from '../health/rules.js'
import { RECIPIENT_RULES } from '../recipients/rules.js'
import { TIME_RULES } from '../time/rules.js'
import type { Rule } from './rule.js'

/** Every rule there is data of. An id may stand here several times: once for each law it follows from. */
export const RULES: readonly Rule[] = [...RECIPIENT_RULES, ...COMPLIANCE_RULES, ...CONTENT_RULES, ...HEALTH_RULES, ...TIME_RULES]
