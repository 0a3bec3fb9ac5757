import { changesBetween, type SystemState } from '../orchestrator/index.js'
import type { Core, GatewayEvents } from './core.js'
import { keys } from './keys.js'

type SystemEvent = Parameters<GatewayEvents['system']>[0]

/** What the host hears of the system: this process's own events as they were given, others' as the stored state shows them. */
export interface SystemNews {
  /** Somebody wants to hear of it: until the returned call, what other processes do is looked for. */
  listen(): () => void
  /** An event of this process was stored; others' that came before it are told first. */
  own(before: SystemState, after: SystemState, event: SystemEvent): void
  close(): void
}

/** How often the one key is read where the engine cannot call: a stop given elsewhere is told within a second. */
const POLL_MS = 500

/** Looks only while somebody listens and the storage is open; never keeps the process alive. */
export function createSystemNews({ known, storage, tell }: Pick<Core, 'known' | 'storage' | 'tell'>): SystemNews {
  let listeners = 0
  /** The state the listeners know of; undefined while nobody listens. */
  let told: SystemState | undefined
  let end: (() => void) | undefined
  let looking = false
  let again = false
  let failing = false

  function tellOthers(state: SystemState): void {
    const before = told
    if (before === undefined) return
    told = state
    for (const { type, by = 'somebody', reason } of changesBetween(before, state))
      tell('system', { type, by, elsewhere: true, ...(reason !== undefined && { reason }) })
  }

  async function look(): Promise<void> {
    again = looking
    if (known.incarnation === null || looking) return
    looking = true
    try {
      told ??= known.storedSystem()
      do {
        again = false
        await known.refresh([keys.system])
        if (end !== undefined) tellOthers(known.storedSystem())
      } while (again)
      failing = false
    } catch (error) {
      // Once for as long as it lasts: twice a second would be noise.
      if (!failing && end !== undefined) tell('fault', error)
      failing = true
    } finally {
      looking = false
    }
  }

  function begin(): () => void {
    look()
    if (storage.watch !== undefined) return storage.watch(keys.system, look)
    const timer = setInterval(look, POLL_MS)
    timer.unref()
    return () => clearInterval(timer)
  }

  function close(): void {
    end?.()
    end = undefined
    told = undefined
  }

  return {
    listen() {
      listeners++
      end ??= begin()
      let listening = true
      return () => {
        if (!listening) return
        listening = false
        if (--listeners === 0) close()
      }
    },
    own(before, after, event) {
      tellOthers(before)
      if (told !== undefined) told = after
      tell('system', event)
    },
    close,
  }
}
