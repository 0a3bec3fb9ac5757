import type { Message } from '../../core/message.js'
import type { GuardrailPolicy } from '../policy.js'

export interface Page {
  readonly readable: boolean
}
export function readPage(_message: Message, _policy: GuardrailPolicy): Page {
  return { readable: true }
}
