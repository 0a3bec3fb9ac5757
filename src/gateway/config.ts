import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { AlertChannel } from '../alerts/index.js'
import { type ApprovalsPolicy, approvalsPolicy } from '../approvals/index.js'
import { type BreakerPolicies, type BreakerPolicy, breakersPolicy } from '../circuit-breaker/index.js'
import type { Clock } from '../core/clock.js'
import { parseConfig } from '../core/config-issues.js'
import { domainName, zoneName } from '../core/config-values.js'
import { ConfigError } from '../core/errors.js'
import { digest, type Json } from '../core/json.js'
import { didYouMean } from '../core/nearest.js'
import { readPublicKey } from '../ghl/index.js'
import { type GuardrailPolicy, guardrailPolicySchema } from '../guardrails/index.js'
import type { Http } from '../http/http.js'
import {
  type AgentLimits,
  agentLimits,
  type EmailLimits,
  emailLimits,
  emailLimitsPolicy,
  type GhlLimits,
  ghlLimits,
  ghlLimitsPolicy,
  type SmsLimits,
  smsLimits,
  smsLimitsPolicy,
} from '../limits/index.js'
import { type SystemPolicy, type SystemState, systemPolicy } from '../orchestrator/index.js'
import { definePermissions, type Permissions, permissionsPolicy } from '../permissions/index.js'
import { type RolloutMode, rolloutMode } from '../rollout/index.js'
import type { Storage } from '../storage/storage.js'
import type { ResolveContact } from './core.js'
import { requireLimitKeys } from './require-limit-keys.js'

const has =
  (...methods: readonly string[]) =>
  (value: unknown) =>
    value !== null &&
    typeof value === 'object' &&
    methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function')

const publicKey = z
  .string()
  .refine((text) => readPublicKey(text) !== undefined, 'is not an Ed25519 public key (SPKI, PEM or base64).')

const config = z.strictObject({
  ...permissionsPolicy.shape,
  storage: z.custom<Storage>(
    has('open', 'commit', 'read', 'scan', 'now', 'close'),
    'is not a storage: pass memoryStorage() or fileStorage(dir).',
  ),
  /** How approved requests leave the process. Default: the transport of the first wrapped client. */
  http: z.custom<Http>(has('send'), 'is not a transport: pass ghlHttp({ token, locationId }).').optional(),
  /** Default: `shadow`: nothing leaves until you say so. */
  mode: rolloutMode.default('shadow'),
  clock: z.custom<Clock>(has('now'), 'is not a clock: it needs now().').optional(),
  /** Where contact facts come from. Default: GHL, fresh before each send. */
  resolveContact: z.custom<ResolveContact>((value) => typeof value === 'function', 'is not a function.').optional(),
  /** Who is told of stops, open breakers, pending approvals, unknown outcomes and faults. Default: nobody. */
  alerts: z
    .custom<AlertChannel>(has('send'), 'is not an alert channel: pass consoleAlerts(), slackAlerts(…) or { send(alert) }.')
    .optional(),
  /** How GHL's webhooks are told from forgeries. Default: none are accepted. */
  webhooks: z
    .strictObject({
      /** The Ed25519 key GHL publishes, SPKI as PEM or base64; several while it is being replaced. */
      publicKey: z.union([publicKey, z.array(publicKey).min(1)]),
    })
    .optional(),
  account: z
    .strictObject({
      /** Days and months of the limits are counted in this zone; default UTC. */
      timeZone: zoneName.default('UTC'),
      /** GHL location of calls that name none. */
      locationId: z.string().min(1).optional(),
      /** Domain e-mails leave from when a request names no sender. */
      senderDomain: domainName.optional(),
    })
    .prefault({}),
  guardrails: z
    .strictObject({
      ...guardrailPolicySchema.shape,
      email: emailLimitsPolicy.prefault({}),
      sms: smsLimitsPolicy.prefault({}),
      ghl: ghlLimitsPolicy.prefault({}),
      /** Agents whose word counts that a message is transactional, or not the first. Default: none. */
      transactional: z.array(z.string()).default([]),
    })
    .prefault({}),
  /** Per breaker name: `ghl_api` and `email_sending` guard GHL calls; others are yours to use. */
  breakers: breakersPolicy,
  approvals: approvalsPolicy.prefault({}),
  system: systemPolicy.prefault({}),
  /** Longest wait for GHL's answer, ms; default 30,000. After it the outcome is unknown. */
  deadlineMs: z.number().int().min(100).max(100_000).default(30_000),
})

/** What `createGateway` takes. Everything but agents and storage has a default. */
export type GatewayConfig = z.input<typeof config>
type Parsed = z.output<typeof config>

/** The configuration as it is in force: parsed, frozen, with what was compiled from it. */
export interface GatewayPolicy {
  /** Digest of the configuration: in every audit record, bound into approvals. */
  readonly version: string
  readonly mode: RolloutMode
  readonly account: Parsed['account']
  readonly guardrails: GuardrailPolicy
  readonly approvals: ApprovalsPolicy
  readonly system: SystemPolicy
  readonly breakers: BreakerPolicies
  readonly deadlineMs: number
  /** Whether an agent's word counts that a message is milder to be judged than an advertisement. */
  isTrusted(agent: string): boolean
  /** GHL's webhooks arrive here: what contacts write is known. */
  readonly hearsReplies: boolean
  readonly permissions: Permissions
  readonly limits: {
    readonly email: EmailLimits
    readonly sms: SmsLimits
    readonly ghl: GhlLimits
    agent(name: string): AgentLimits
  }
  breakerOf(name: string): BreakerPolicy
  /** The mode in force: an operator's, as long as the configured one is still the one it replaced. */
  modeNow(state: SystemState): RolloutMode
}

/** The configuration in force as plain frozen data, every default filled in, for people and dashboards. */
export type PolicyView = Readonly<Omit<Parsed, 'storage' | 'http' | 'clock' | 'resolveContact' | 'alerts' | 'webhooks'>> & {
  readonly version: string
}

export interface ParsedConfig {
  readonly policy: GatewayPolicy
  readonly view: PolicyView
  readonly storage: Storage
  readonly http: Http | undefined
  readonly clock: Clock | undefined
  readonly resolveContact: ResolveContact | undefined
  readonly alerts: AlertChannel | undefined
  /** None = webhooks are not set up. */
  readonly webhookKeys: readonly KeyObject[]
}

/** Parses a configuration once. Throws `ConfigError` with every issue: its path, what is wrong, the nearest name. */
export function parseGatewayConfig(input: GatewayConfig): ParsedConfig {
  const parsed = parseConfig(config, input)
  // The names as they were given: parsing drops the ones no store can hold, which must be an error.
  const permissions = definePermissions({ agents: input.agents, ...(input.roles && { roles: input.roles }) })
  requireLimitKeys(parsed.agents, parsed.roles)
  const { breakers } = parsed
  const { email, sms, ghl, transactional, ...guardrails } = parsed.guardrails
  requireAgents(transactional, permissions.agents)
  const agentsLimits = new Map(permissions.agents.map((name) => [name, agentLimits(permissions.limits(name))]))
  const none = agentLimits({})
  const { storage, http, clock, resolveContact, alerts, webhooks, ...plain } = parsed
  const data = JSON.parse(JSON.stringify(plain)) as typeof plain
  const version = digest(data as unknown as Json).slice(0, 16)
  const view: PolicyView = deepFreeze({ ...data, version })
  const configuredMode = JSON.stringify(parsed.mode)

  const policy: GatewayPolicy = Object.freeze({
    version,
    mode: parsed.mode,
    account: parsed.account,
    guardrails,
    approvals: parsed.approvals,
    system: parsed.system,
    breakers,
    deadlineMs: parsed.deadlineMs,
    isTrusted: (agent: string) => transactional.includes(agent),
    hearsReplies: parsed.webhooks !== undefined,
    permissions,
    limits: {
      email: emailLimits(email),
      sms: smsLimits(sms),
      ghl: ghlLimits(ghl),
      agent: (name: string) => agentsLimits.get(name) ?? none,
    },
    breakerOf: (name: string) => breakers[name] ?? breakers.ghl_api,
    modeNow: ({ mode }: SystemState) => (mode !== null && JSON.stringify(mode.over) === configuredMode ? mode.mode : parsed.mode),
  })
  return { policy, view, storage, http, clock, resolveContact, alerts, webhookKeys: keysOf(webhooks) }
}

/** A misspelt name would be an agent that is refused for no reason anybody sees. */
function requireAgents(names: readonly string[], agents: readonly string[]): void {
  const issues = names.flatMap((name, index) =>
    agents.includes(name)
      ? []
      : [{ path: `guardrails.transactional[${index}]`, message: `There is no agent "${name}".${didYouMean(name, agents)}` }],
  )
  if (issues.length > 0) throw new ConfigError(issues)
}

function keysOf(webhooks: Parsed['webhooks']): readonly KeyObject[] {
  if (webhooks === undefined) return []
  return [webhooks.publicKey].flat().flatMap((text) => readPublicKey(text) ?? [])
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) deepFreeze(member)
  return Object.freeze(value)
}
