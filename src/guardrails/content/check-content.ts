import type { Message } from '../../core/message.js'
import type { Findings } from '../findings.js'
import type { GuardrailPolicy } from '../policy.js'
import type { Page } from './page.js'

export function checkContent(_message: Message, _page: Page, _policy: GuardrailPolicy, _found: Findings): void {}
