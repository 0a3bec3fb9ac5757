import { expect, test } from 'vitest'
import { SHARED_ENGINES } from './engines.js'
import { faultsOf, lostReplies } from './lost-reply.js'

const NETWORKED = Object.keys(SHARED_ENGINES).filter((engine) => SHARED_ENGINES[engine]?.network !== undefined)

/** The short form of `npm run prove -- lost-reply`, with the control that counts twice. */
test.for(NETWORKED)(
  'when answers of %s are lost, every batch counts once, also when it is handed in again',
  async (engine, context) => {
    const missing = await SHARED_ENGINES[engine]?.missing()
    if (missing !== undefined && process.env.CI !== 'true') return context.skip(missing)
    expect(faultsOf(await lostReplies(engine, { clients: 2, batches: 30 }))).toEqual([])
  },
)
