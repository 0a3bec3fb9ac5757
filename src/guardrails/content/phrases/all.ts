import type { Phrase } from '../reading/phrase-book.js'
import { FORBIDDEN_PHRASES, SHAFT_PHRASES } from './forbidden.js'
import { ADVANCE_FEE_PHRASES, CREDENTIAL_PHRASES, HANDOVER_PHRASES, WINDFALL_PHRASES } from './fraud.js'
import { OPT_OUT_PHRASES } from './opt-out.js'
import { SALES_PHRASES } from './sales.js'
import { TEXT_PHRASES } from './texts.js'
import { TRANSACTION_PHRASES } from './transactions.js'
import { ASSISTANT_PHRASES, FRAME_PHRASES, GREETING_PHRASES, NO_VALUE_PHRASES, PLACEHOLDER_PHRASES } from './unfinished.js'

/** Every phrase any rule looks for; they are found together in one reading. */
export const PHRASES: readonly Phrase[] = [
  ...GREETING_PHRASES,
  ...NO_VALUE_PHRASES,
  ...FRAME_PHRASES,
  ...OPT_OUT_PHRASES,
  ...ASSISTANT_PHRASES,
  ...PLACEHOLDER_PHRASES,
  ...ADVANCE_FEE_PHRASES,
  ...WINDFALL_PHRASES,
  ...CREDENTIAL_PHRASES,
  ...HANDOVER_PHRASES,
  ...TRANSACTION_PHRASES,
  ...SHAFT_PHRASES,
  ...FORBIDDEN_PHRASES,
  ...SALES_PHRASES,
  ...TEXT_PHRASES,
]
