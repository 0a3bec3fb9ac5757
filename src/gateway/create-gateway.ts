import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'eventemitter3'
import { systemClock } from '../core/clock.js'
import { ConfigError } from '../core/errors.js'
import { GHL_HOST, type Http } from '../http/http.js'
import type { StorageInfo } from '../storage/storage.js'
import { type Agent, createAgent } from './agent.js'
import { raiseAlarms } from './alarm.js'
import { type AuditLog, createAuditLog } from './audit-log.js'
import { type GatewayConfig, type PolicyView, parseGatewayConfig } from './config.js'
import { createContactLookup } from './contact-lookup.js'
import type { Core, GatewayEvents } from './core.js'
import { createDryRun } from './dry-run.js'
import { createEntrance } from './entrance.js'
import { createGhlBudget } from './ghl-budget.js'
import { createKnownState } from './known-state.js'
import { createLatestTime } from './latest-time.js'
import { type Approvals, createApprovals } from './operator-approvals.js'
import { type Breakers, createBreakers } from './operator-breakers.js'
import { createDomainHealth, type DomainHealthLog } from './operator-health.js'
import { createSuppressions, type Suppressions } from './operator-suppressions.js'
import { createSystem, type System } from './operator-system.js'
import { createReconciler, type Reconciler } from './reconcile.js'
import { run } from './run.js'
import { createCanceller, createScheduled, type Scheduled } from './scheduled.js'
import { createSealer } from './sealer.js'
import { createSystemNews } from './system-news.js'
import { createWebhooks, type Webhooks } from './webhooks.js'

/** The operator's side: every switch there is. Keep it away from agents; give them `gateway.agent(name)`. */
export interface Gateway {
  /** An agent's handle. Throws `ConfigError` for a name that has no role. */
  agent(name: string): Agent
  /** The configuration in force: frozen, every default filled in, with the version that stands in every audit record. */
  readonly policy: PolicyView
  readonly approvals: Approvals
  /** Emergency stop, maintenance, switches, mode, component health, readiness. */
  readonly system: System
  readonly audit: AuditLog
  readonly breakers: Breakers
  readonly health: DomainHealthLog
  readonly suppressions: Suppressions
  /** Actions whose outcome is unknown: find out, or decide. */
  readonly unknowns: Reconciler
  /** Messages GHL keeps until their time. */
  readonly scheduled: Scheduled
  /** What GHL tells of messages and people: hand deliveries over, or read what was lost. */
  readonly webhooks: Webhooks
  readonly storage: { readonly info: StorageInfo }
  on<E extends keyof GatewayEvents>(event: E, listener: GatewayEvents[E]): () => void
  /** Opens the storage now rather than with the first action. Throws `StorageError`. */
  open(): Promise<void>
  /** Seals the audit and closes the storage. Actions under way should be awaited first. */
  close(): Promise<void>
}

/**
 * Makes the gate. Nothing is read from the environment, nothing is opened before the first action.
 * Throws `ConfigError` with every issue of the configuration.
 *
 * @example createGateway({ agents: { outreach: 'GHL_MASTER' }, storage: fileStorage('.sendwarden'), http: ghlHttp({ token, locationId }), mode: 'live' })
 */
export function createGateway(config: GatewayConfig): Gateway {
  const parsed = parseGatewayConfig(config)
  const { policy, view, http, clock = systemClock, resolveContact, alerts, webhookKeys } = parsed
  const events = new EventEmitter<GatewayEvents>()
  const tell: Core['tell'] = (event, ...about) => {
    try {
      events.emit(event, ...(about as never))
    } catch {
      // What happened has happened as told; a dashboard that throws must not turn it into something else.
    }
  }
  const time = createLatestTime(parsed.storage, clock)
  const { storage } = time
  const known = createKnownState(storage, policy, clock)
  let transport: Http | undefined = http
  const core: Core = {
    policy,
    storage,
    clock,
    known,
    time,
    events,
    tell,
    resolveContact,
    sealer: createSealer(storage, (error) => tell('fault', error)),
    news: createSystemNews({ known, storage, tell }),
    suppressed: () => canceller.suppressed(),
    budget: createGhlBudget(),
    http: () => transport,
    adopt: (offered) => {
      transport ??= offered
    },
    hosts: () => (transport === undefined ? [GHL_HOST] : [transport.host]),
  }
  const scheduled = createScheduled(core)
  const canceller = createCanceller(core, scheduled)
  if (alerts !== undefined) raiseAlarms(core, alerts)
  const lookUp = createContactLookup(core)
  const entrance = createEntrance(core, lookUp)
  const dryRun = createDryRun(core, lookUp)
  const approvals = (kind: 'operator' | 'agent', name: string) =>
    createApprovals(
      core,
      (by = name) => ({ kind, name: kind === 'agent' ? name : by }),
      (attempt) => run(core, lookUp, attempt, entrance.sendByTransport(attempt)),
    )

  const powers = {
    gateway: Object.freeze({}),
    running: new AsyncLocalStorage<Agent>(),
    execute: entrance.execute,
    guard: entrance.guard,
    check: dryRun,
    adopt: core.adopt,
    approvals: (name: string) => (mayApprove(core, name) ? approvals('agent', name) : undefined),
  }

  return Object.freeze<Gateway>({
    agent(name) {
      const unknown = policy.permissions.check(name, 'read_contacts')
      if (policy.permissions.role(name) === undefined)
        throw new ConfigError([
          { path: `agents.${String(name)}`, message: unknown.verdict === 'deny' ? unknown.reasons[0].message : 'has no role.' },
        ])
      return createAgent(name, powers)
    },
    policy: view,
    approvals: approvals('operator', 'operator'),
    system: createSystem(core),
    audit: createAuditLog(core),
    breakers: createBreakers(core),
    health: createDomainHealth(core),
    suppressions: createSuppressions(core),
    unknowns: createReconciler(core),
    scheduled,
    webhooks: createWebhooks(core, webhookKeys),
    storage: Object.freeze({ info: storage.info }),
    on(event, listener) {
      events.on(event, listener as never)
      const unheard = event === 'system' ? core.news.listen() : undefined
      return () => {
        events.off(event, listener as never)
        unheard?.()
      }
    },
    async open() {
      await known.open()
      // A process may have died between hearing of somebody's no and cancelling what GHL keeps for them.
      canceller.suppressed()
    },
    async close() {
      core.news.close()
      await canceller.idle()
      await core.sealer.flush().catch((error: unknown) => tell('fault', error))
      await storage.close()
    },
  })
}

function mayApprove({ policy: { permissions } }: Core, name: string): boolean {
  return (
    permissions.check(name, 'approve_campaign').verdict === 'allow' ||
    permissions.check(name, 'reject_campaign').verdict === 'allow'
  )
}
