import type { Json, JsonObject } from '../core/json.js'
import { didYouMean } from '../core/nearest.js'
import { zoneDataReport } from '../guardrails/index.js'
import { remaining } from '../limits/index.js'
import {
  type ComponentStatus,
  type Readiness,
  readiness,
  reduce,
  type SwitchKind,
  type SystemEvent,
  type SystemFacts,
  type SystemSnapshot,
  type SystemState,
  snapshot,
  validateEvent,
} from '../orchestrator/index.js'
import type { RolloutMode } from '../rollout/index.js'
import { isWaiting, storedApprovals } from './approval-store.js'
import { homeOf } from './attempt.js'
import type { Core } from './core.js'
import { errorsLastHour } from './error-count.js'
import { keys } from './keys.js'
import { operatorRecord, recordOp } from './records.js'
import { readWindows } from './windows.js'

/** Applies an operator's event to the stored system state; acknowledged once stored, so the very next action sees it. */
async function applySystemEvent(core: Core, event: SystemEvent): Promise<SystemState> {
  const checked = validateEvent(event, core.policy.system)
  if (checked.event === undefined) throw new TypeError(`The system event was refused: ${checked.refused}`)
  const { storage, known, policy } = core
  await known.open()
  for (;;) {
    const { state: before, version } = known.system()
    const stored = known.storedSystem()
    const state = reduce(before, checked.event, policy.system)
    const { at, by, type, ...data } = { ...checked.event }
    const note = 'reason' in data ? data.reason : undefined
    const [result] = await storage.commit([
      [
        { op: 'check', key: keys.incarnation, version: known.incarnation },
        { op: 'put', key: keys.system, value: state as unknown as Json, version },
        recordOp(operatorRecord(at, by, `system.${type}`, policy, data as JsonObject, note)),
      ],
    ])
    if (result?.ok) {
      known.learn(keys.system, { value: state as unknown as Json, version: result.versions[1] ?? '' })
      core.sealer.wrote()
      core.news.own(stored, state, { type, by, ...(note !== undefined && { reason: note }) })
      return state
    }
    if (result?.failed === 0)
      throw new Error('The storage lost its state: the event could not be stored. Stop the processes that use it.')
    known.learn(keys.system, result?.found ?? null)
  }
}

type By = { readonly by?: string }
type Why = By & { readonly reason: string }

/** The operator's switches. Every one is stored before it is acknowledged, and only an operator's call undoes it. */
export interface System {
  /**
   * Stops everything but protective actions, in every process that shares the storage. Rejects with `StorageError`
   * when it could not be stored: this process is stopped all the same, others are not. Taken however badly it is filled in.
   */
  emergencyStop(why?: Partial<Why>): Promise<void>
  liftEmergencyStop(by?: By): Promise<void>
  enterMaintenance(why: Why): Promise<void>
  leaveMaintenance(by?: By): Promise<void>
  /** Stops one agent, one GHL location or one channel. */
  switchOff(kind: SwitchKind, name: string, why: Why): Promise<void>
  switchOn(kind: SwitchKind, name: string, by?: By): Promise<void>
  /** Replaces the configured mode, until the configuration itself names another; null = back to the configured one. */
  setMode(mode: RolloutMode | null, by?: By): Promise<void>
  /**
   * The clock went back and is right now: goes on from the present time. Whatever had its end by the clock of then is
   * forgotten, limits among it: look at what was sent lately first.
   */
  acceptClock(why: Why): Promise<void>
  /** What a health check found. */
  report(component: string, status: ComponentStatus, more?: By & { readonly error?: string }): Promise<void>
  /** Mode in force, status, components, stops, limits, warnings: one page for a dashboard. */
  snapshot(): Promise<SystemSnapshot & { readonly modeInForce: RolloutMode }>
  /** May this go to production now? */
  readiness(): Promise<Readiness>
}

export function createSystem(core: Core): System {
  const { clock, policy, known } = core
  const apply = async (event: DistributiveOmit<SystemEvent, 'at' | 'by'>, by = 'operator') => {
    await applySystemEvent(core, { ...event, at: clock.now(), by } as SystemEvent)
  }
  return {
    async emergencyStop(why) {
      const { type, ...stop } = emergencyStopOf(why, clock.now())
      known.latch(stop)
      await applySystemEvent(core, { type, ...stop })
      known.latch(null)
    },
    async liftEmergencyStop({ by } = {}) {
      await apply({ type: 'lift_emergency_stop' }, by)
      known.latch(null)
    },
    enterMaintenance: ({ reason, by }) => apply({ type: 'enter_maintenance', reason }, by),
    leaveMaintenance: ({ by } = {}) => apply({ type: 'leave_maintenance' }, by),
    async switchOff(kind, name, { reason, by }) {
      const { agents } = policy.permissions
      if (kind === 'agent' && !agents.includes(name))
        throw new TypeError(`There is no agent "${name}" to switch off.${didYouMean(name, agents)}`)
      await apply({ type: 'switch_off', kind, name, reason }, by)
    },
    switchOn: (kind, name, { by } = {}) => apply({ type: 'switch_on', kind, name }, by),
    setMode: (mode, { by } = {}) => apply({ type: 'set_mode', mode, over: policy.mode }, by),
    report: (component, status, { error, by } = {}) =>
      apply({ type: 'report', component, status, ...(error !== undefined && { error }) }, by),
    async acceptClock({ reason, by = 'operator' }) {
      await known.open()
      await core.time.accept([
        { op: 'check', key: keys.incarnation, version: known.incarnation },
        recordOp(operatorRecord(clock.now(), by, 'system.accept_clock', policy, {}, reason)),
      ])
      core.sealer.wrote()
    },
    async snapshot() {
      const facts = await systemFacts(core)
      return { ...snapshot(facts, clock.now(), policy.system), modeInForce: policy.modeNow(known.system().state) }
    },
    readiness: async () => readiness(await systemFacts(core), policy.system),
  }
}

type EmergencyStop = Extract<SystemEvent, { type: 'emergency_stop' }>

/** What cannot be read of it is filled in: whoever pulls it is in a hurry. */
function emergencyStopOf(why: Partial<Why> | null | undefined, at: number): EmergencyStop {
  const unread: EmergencyStop = { type: 'emergency_stop', reason: 'no reason given', by: 'operator', at }
  try {
    const { reason = unread.reason, by = unread.by } = why ?? {}
    const { event } = validateEvent({ ...unread, reason, by })
    return event?.type === 'emergency_stop' ? event : unread
  } catch {
    return unread
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** What is measured here and now: limits, breakers, approvals, errors of the last hour, time zone data. */
async function systemFacts(core: Core): Promise<SystemFacts> {
  const { known, policy, storage, clock } = core
  await known.open()
  await known.refresh()
  const now = clock.now()
  const location = homeOf(core)
  const windows = [
    ...policy.limits.email
      .windows({ location, zone: policy.account.timeZone, recipients: { total: 1 } })
      .filter(({ kind }) => kind !== 'pace'),
    ...policy.limits.ghl.windows({ location, calls: 1 }),
  ]
  const used = await readWindows(storage, windows, now)
  let pendingApprovals = 0
  for await (const approval of storedApprovals(storage)) if (isWaiting(approval, now)) pendingApprovals++
  return {
    state: known.system().state,
    rateLimits: remaining(windows, used, now).map(({ window, used, limit }) => ({ name: window.name, used, limit })),
    openBreakers: Object.keys(policy.breakers).filter((name) => known.breaker(name).state.kind !== 'closed'),
    pendingApprovals,
    errorsLastHour: await errorsLastHour(storage, now),
    timeZones: { version: process.versions.tz ?? null, ...zoneDataReport() },
  }
}
