import { ACTION_RULES } from '../core/action.js'
import { configPath } from '../core/config-issues.js'
import { ConfigError, type ConfigIssue } from '../core/errors.js'
import { didYouMean } from '../core/nearest.js'
import { limitKeys } from '../ghl/index.js'
import { ROLES, type Role } from '../permissions/index.js'

/** A misspelt key would be a limit that nobody counts. Keys of the predefined roles are yours to count, where no action does. */
export function requireLimitKeys(agents: Roles, roles: Roles = {}): void {
  const issues = [...issuesOf('agents', agents), ...issuesOf('roles', roles)]
  if (issues.length > 0) throw new ConfigError(issues)
}

type Roles = Readonly<Record<string, string | Role>>

function issuesOf(path: string, roles: Roles): ConfigIssue[] {
  return Object.entries(roles).flatMap(([name, role]) =>
    Object.keys(typeof role === 'string' ? {} : (role.limitsPerHour ?? {})).flatMap((key) =>
      KNOWN.has(key) ? [] : [{ path: configPath(path, [name, 'limitsPerHour', key]), message: messageFor(key) }],
    ),
  )
}

const KNOWN: ReadonlySet<string> = new Set([
  ...limitKeys(),
  ...Object.values(ROLES).flatMap(({ limitsPerHour }) => Object.keys(limitsPerHour ?? {})),
])

function messageFor(key: string): string {
  const meant = Object.hasOwn(ACTION_RULES, key) ? ACTION_RULES[key as keyof typeof ACTION_RULES].limitKey : undefined
  const guess = meant ?? [...KNOWN].find((known) => inOrder(known) === inOrder(key))
  const advice = guess === undefined ? didYouMean(key, KNOWN) : ` Did you mean "${guess}"?`
  return `is no limit key: no action would count on it.${advice || ' docs/permissions.md lists them.'}`
}

/** Actions and permissions are called `send_email`, the limit `email_send`. */
function inOrder(key: string): string {
  return key
    .toLowerCase()
    .split(/[\s_-]+/)
    .sort()
    .join('_')
}
