import { type BreakerState, initialState, type Restored, restoreState } from '../circuit-breaker/index.js'
import type { Clock } from '../core/clock.js'
import { StorageError } from '../core/errors.js'
import { randomText } from '../core/ids.js'
import { sha256 } from '../core/json.js'
import type { Entry, Version } from '../core/storage-ops.js'
import type { HealthRecord } from '../guardrails/health/index.js'
import { initialSystem, readSystem, type Stop, type SystemState } from '../orchestrator/index.js'
import { clockSkew, MAX_SKEW_MS } from '../storage/server-clock.js'
import type { Storage } from '../storage/storage.js'
import type { GatewayPolicy } from './config.js'
import { storedHealth } from './health-store.js'
import { keys } from './keys.js'
import { unreadable } from './unreadable.js'

/** A piece of shared state as last seen, with the version that a commit has to find unchanged. */
export interface Seen<T> {
  readonly state: T
  readonly version: Version | null
}

/**
 * What this process last saw of the shared state. Decisions are made on it without asking storage;
 * every begin commit checks the versions, so a stale view costs a second try, never a wrong decision.
 */
export interface KnownState {
  /** Opens the storage once. Throws `StorageError`. */
  open(): Promise<void>
  readonly isOpen: boolean
  readonly incarnation: Version | null
  readonly pseudonymKey: string
  /** Approvals are sealed with it. */
  readonly sealKey: string
  system(): Seen<SystemState>
  /** The same without this process's latch. */
  storedSystem(): SystemState
  /** Stops this process whatever the storage says, until `null`: a stop must not depend on being stored. */
  latch(stop: Stop | null): void
  breaker(name: string): Seen<BreakerState>
  health(domain: string): Seen<HealthRecord | null> | undefined
  /** When a contact last wrote on WhatsApp, ms; null = never, or too long ago to matter. */
  heard(contactId: string): Seen<number | null>
  /** Reads what is not known yet. */
  load(wanted: readonly string[]): Promise<void>
  /** Takes in what a commit found or wrote. */
  learn(key: string, entry: Pick<Entry, 'value' | 'version'> | null): void
  /** Reads again what is known: all of it, or these keys. */
  refresh(wanted?: readonly string[]): Promise<void>
}

/** Keys remembered before those of senders are dropped. */
const MAX_KNOWN = 1000

export function createKnownState(storage: Storage, policy: GatewayPolicy, clock: Clock): KnownState {
  const entries = new Map<string, Pick<Entry, 'value' | 'version'> | null>()
  const read = new Map<string, Seen<unknown>>()
  let opened: Promise<void> | undefined
  let isOpen = false
  let incarnation: Version | null = null
  let pseudonymKey = ''
  let latched: Stop | null = null

  async function load(wanted: readonly string[]): Promise<void> {
    const missing = wanted.filter((key) => !entries.has(key))
    if (missing.length === 0) return
    const found = await storage.read(missing)
    if (entries.size > MAX_KNOWN) forgetSenders()
    for (const [index, key] of missing.entries()) learn(key, found[index] ?? null)
  }

  /** Senders and contacts are named by agents, so there may be any number. One that is forgotten is found changed by the next commit. */
  function forgetSenders(): void {
    for (const key of [...entries.keys(), ...read.keys()]) {
      if (!key.startsWith(keys.health('')) && !key.startsWith(keys.heard(''))) continue
      entries.delete(key)
      read.delete(key)
    }
  }

  function learn(key: string, entry: Pick<Entry, 'value' | 'version'> | null): void {
    // The same version says the same: what was parsed from it stays.
    if (entries.get(key)?.version !== entry?.version) read.delete(key)
    entries.set(key, entry)
  }

  /** Parses an entry once per version, not once per decision. */
  function seen<T>(key: string, parse: (entry: Pick<Entry, 'value' | 'version'> | null) => T): Seen<T> {
    const known = read.get(key) as Seen<T> | undefined
    if (known !== undefined) return known
    const entry = entries.get(key) ?? null
    const fresh = { state: parse(entry), version: entry?.version ?? null }
    read.set(key, fresh)
    return fresh
  }

  function systemOf(entry: Pick<Entry, 'value' | 'version'> | null): SystemState {
    return initialSystem(policy.system, entry === null ? undefined : storedSystem(entry.value))
  }

  async function openOnce(): Promise<void> {
    await storage.open({ clock })
    const skew = Math.abs((await storage.now()) - clock.now())
    if (skew > MAX_SKEW_MS) throw clockSkew(skew)
    await firstUse(storage)
    const [mark, secret] = await storage.read([keys.incarnation, keys.pseudonymKey])
    if (!mark || typeof secret?.value !== 'string')
      throw new StorageError('wiped', 'The storage lost its marks while it was being opened. Open it again.')
    incarnation = mark.version
    pseudonymKey = secret.value
    await load([keys.system, ...Object.keys(policy.breakers).map(keys.breaker)])
    isOpen = true
  }

  return {
    open() {
      opened ??= openOnce().catch((error: unknown) => {
        opened = undefined
        throw error
      })
      return opened
    },
    get isOpen() {
      return isOpen
    },
    get incarnation() {
      return incarnation
    },
    get pseudonymKey() {
      return pseudonymKey
    },
    get sealKey() {
      return sha256(`seal ${pseudonymKey}`)
    },
    system: () =>
      seen(keys.system, (entry) => {
        const stored = systemOf(entry)
        return latched === null || stored.emergency !== null ? stored : { ...stored, emergency: latched }
      }),
    storedSystem: () => systemOf(entries.get(keys.system) ?? null),
    latch(stop) {
      latched = stop
      read.delete(keys.system)
    },
    breaker: (name) =>
      seen(keys.breaker(name), (entry) => {
        const breakerPolicy = policy.breakerOf(name)
        return entry === null
          ? initialState(breakerPolicy, clock.now())
          : storedBreaker(name, restoreState(entry.value, breakerPolicy, clock.now()))
      }),
    health(domain) {
      const key = keys.health(domain)
      const known = read.get(key) as Seen<HealthRecord | null> | undefined
      if (known !== undefined || !entries.has(key)) return known
      return seen(key, (entry) => (entry === null ? null : storedHealth(domain, entry.value)))
    },
    heard: (contactId) =>
      seen(keys.heard(contactId), (entry) => {
        const at = (entry?.value as { readonly at?: unknown } | undefined)?.at
        return typeof at === 'number' ? at : null
      }),
    load,
    learn,
    async refresh(wanted = [...entries.keys()]) {
      const before = wanted.map((key) => entries.get(key))
      const found = await storage.read(wanted)
      // What a commit said meanwhile is newer: a stop that was just given must not be forgotten for a moment.
      for (const [index, key] of wanted.entries()) if (entries.get(key) === before[index]) learn(key, found[index] ?? null)
    },
  }
}

/** Writes the marks of a new installation. Two processes may race: the first one's marks stay. */
async function firstUse(storage: Storage): Promise<void> {
  await storage.commit([
    [
      { op: 'put', key: keys.incarnation, value: randomText(20), version: null },
      { op: 'put', key: keys.pseudonymKey, value: randomText(32), version: null },
    ],
  ])
}

/** A system state that cannot be read may hold a stop: nothing is sent until somebody looked. */
function storedSystem(value: unknown): SystemState {
  const state = readSystem(value)
  if (state === null) throw unreadable('system state (stops, switches, mode)', keys.system)
  return state
}

/** The same of a breaker, which may be isolated. */
function storedBreaker(name: string, { state, restored }: Restored): BreakerState {
  if (!restored) throw unreadable(`state of the breaker "${name}"`, keys.breaker(name))
  return state
}
