import type { Message } from '../core/message.js'
import type { Page } from './content/page.js'
import type { Findings } from './findings.js'
import type { GuardrailPolicy } from './policy.js'

export function checkCompliance(_message: Message, _page: Page, _policy: GuardrailPolicy, _found: Findings): void {}
