import { configPath, parseConfig } from '../core/config-issues.js'
import { ALLOW, type Decision, denyIf } from '../core/decision.js'
import { ConfigError, type ConfigIssue } from '../core/errors.js'
import { didYouMean } from '../core/nearest.js'
import { isPermission, PERMISSIONS, type Permission } from '../core/permission.js'
import { type ReasonCode, reason } from '../core/reason.js'
import { permissionsPolicy, type Role } from './policy.js'
import { ROLES } from './roles.js'
import type { Violation } from './violation.js'

export interface PermissionsConfig {
  /** Agent name to the name of a role, or a role itself. */
  readonly agents: Readonly<Record<string, string | Role>>
  /** Your own roles by name. */
  readonly roles?: Readonly<Record<string, Role>>
  /** Told of each denial by `requires`. `check` is pure and tells nobody. */
  readonly onViolation?: (violation: Violation) => void
}

/** Who may do what. All answers are pure; names of agents are compared exactly. */
export interface Permissions {
  /** May the agent do this at all? Denies with `permission.unknown_agent` or `permission.denied`. */
  check(agent: string, permission: Permission): Decision
  /** May the agent use this platform? Any case, not trimmed. Denies with `permission.platform`. */
  platform(agent: string, name: string): Decision
  /** May the agent touch this GHL location? A role limited to locations is denied an unknown one. */
  location(agent: string, locationId: string | undefined): Decision
  /** Must a human approve this each time? Says nothing about being allowed. Unknown agent: true. */
  needsApproval(agent: string, permission: Permission): boolean
  /** Limits per rolling hour by key; empty for an unknown agent, who is denied anyway. */
  limits(agent: string): Readonly<Record<string, number>>
  /** The agent's role, frozen. */
  role(agent: string): Role | undefined
  /** The name of the agent's role: `custom` for a role given without one. */
  roleName(agent: string): string | undefined
  readonly agents: readonly string[]
  readonly onViolation: ((violation: Violation) => void) | undefined
}

/**
 * Gives each agent its role. Everything not granted is denied. Throws `ConfigError` for an unknown role,
 * a misspelt permission or setting, and a name that no store can hold (`__proto__`, `constructor`, `prototype`).
 *
 * @example definePermissions({ agents: { outreach: 'GHL_MASTER', scout: 'HUNTER' } }).check('scout', 'send_email')
 */
export function definePermissions({ agents, roles, onViolation }: PermissionsConfig): Permissions {
  const compiled = compile(agents, roles)
  const unknown = (agent: string): Decision =>
    deny(
      'permission.unknown_agent',
      `Agent "${agent}" is not registered.${didYouMean(String(agent), compiled.keys())} Give it a role in agents.`,
      {
        agent: String(agent),
      },
    )

  return Object.freeze({
    check(agent, permission) {
      const found = compiled.get(agent)
      if (found === undefined) return unknown(agent)
      return found.granted.has(permission) ? ALLOW : denied(agent, found, permission)
    },
    platform(agent, name) {
      const found = compiled.get(agent)
      if (found === undefined) return unknown(agent)
      if (found.platforms.has(String(name).toLowerCase()) || (found.everyPlatform && isName(name))) return ALLOW
      return deny(
        'permission.platform',
        `Agent "${agent}" (role ${found.name}) may not use the platform "${name}", only ${found.role.platforms.join(', ') || 'none'}. Add it to the role's platforms.`,
        { agent, role: found.name, platform: String(name) },
      )
    },
    location(agent, locationId) {
      const found = compiled.get(agent)
      if (found === undefined) return unknown(agent)
      if (found.locations === undefined || (locationId !== undefined && found.locations.has(locationId))) return ALLOW
      return deny(
        'permission.location',
        `Agent "${agent}" (role ${found.name}) may not touch ${locationId === undefined ? 'a location that is not known' : `location ${locationId}`}. Add the location to the role's locations.`,
        { agent, role: found.name, locationId: locationId ?? null },
      )
    },
    needsApproval: (agent, permission) => compiled.get(agent)?.approval.has(permission) ?? true,
    limits: (agent) => compiled.get(agent)?.limits ?? NO_LIMITS,
    role: (agent) => compiled.get(agent)?.role,
    roleName: (agent) => compiled.get(agent)?.name,
    agents: Object.freeze([...compiled.keys()]),
    onViolation,
  } satisfies Permissions)
}

/** A role made fast to ask. */
interface Compiled {
  readonly name: string
  readonly role: Role
  readonly granted: ReadonlySet<string>
  readonly approval: ReadonlySet<string>
  readonly platforms: ReadonlySet<string>
  readonly everyPlatform: boolean
  readonly locations: ReadonlySet<string> | undefined
  readonly limits: Readonly<Record<string, number>>
}

/** Without a prototype, so that a limit called `constructor` is simply absent. */
const NO_LIMITS: Readonly<Record<string, number>> = Object.freeze(Object.create(null))
/** No store can hold these as keys, so no switch could ever stop an agent of that name. */
const UNUSABLE_NAMES = ['__proto__', 'constructor', 'prototype']

function compile(agents: unknown, roles: unknown): Map<string, Compiled> {
  const issues: ConfigIssue[] = [...unusableNames('agents', agents), ...unusableNames('roles', roles)]
  if (issues.length > 0) throw new ConfigError(issues)
  const parsed = parseConfig(permissionsPolicy, roles === undefined ? { agents } : { agents, roles })

  const known = new Map<string, Compiled>()
  for (const [name, role] of Object.entries(ROLES)) known.set(name, compileRole(name, role))
  for (const [name, role] of Object.entries(parsed.roles ?? {})) {
    if (Object.hasOwn(ROLES, name)) {
      issues.push({ path: configPath('roles', [name]), message: 'is a predefined role, choose another name.' })
    } else known.set(name, compileRole(name, role))
  }

  const compiled = new Map<string, Compiled>()
  for (const [agent, given] of Object.entries(parsed.agents)) {
    const path = configPath('agents', [agent])
    if (agent.trim() !== agent) issues.push({ path, message: 'begins or ends with white space.' })
    const role = typeof given === 'string' ? known.get(given) : compileRole('custom', given)
    if (role !== undefined) compiled.set(agent, role)
    else {
      const advice = didYouMean(String(given), known.keys()) || ` There are ${[...known.keys()].join(', ')}.`
      issues.push({ path, message: `has the unknown role "${String(given)}".${advice}` })
    }
  }
  if (issues.length > 0) throw new ConfigError(issues)
  return compiled
}

function compileRole(name: string, role: Role): Compiled {
  const denied = new Set<string>(role.deny ?? [])
  const platforms = new Set(role.platforms.map((platform) => platform.toLowerCase()))
  return {
    name,
    role,
    granted: new Set(role.permissions.filter((permission) => !denied.has(permission))),
    approval: new Set(role.requiresApprovalFor ?? []),
    platforms,
    everyPlatform: platforms.has('all'),
    locations: role.locations === undefined ? undefined : new Set(role.locations),
    limits: Object.freeze(Object.assign(Object.create(null) as Record<string, number>, role.limitsPerHour)),
  }
}

/** `All` stands for every platform, not for a blank or a pattern. */
function isName(platform: string): boolean {
  return /[\p{L}\p{N}]/u.test(platform)
}

function denied(agent: string, { name, role }: Compiled, permission: string): Decision {
  const data = { agent, role: name, permission: String(permission) }
  if (!isPermission(permission)) {
    const guess = didYouMean(String(permission), PERMISSIONS)
    return deny('permission.denied', `"${String(permission)}" is not a permission, so agent "${agent}" is denied.${guess}`, data)
  }
  const how = role.deny?.includes(permission)
    ? 'The role denies it explicitly: take it out of deny, or let another agent do this.'
    : 'Grant it in a role of its own, or let an agent do this whose role has it.'
  return deny('permission.denied', `Agent "${agent}" (role ${name}) lacks the permission ${permission}. ${how}`, data)
}

function deny(code: ReasonCode, message: string, data: Record<string, string | null>): Decision {
  return denyIf([reason('permission', code, message, data)])
}

function unusableNames(path: string, value: unknown): ConfigIssue[] {
  if (typeof value !== 'object' || value === null) return []
  return UNUSABLE_NAMES.filter((name) => Object.hasOwn(value, name)).map((name) => ({
    path: configPath(path, [name]),
    message: 'is a name that is never accepted.',
  }))
}
