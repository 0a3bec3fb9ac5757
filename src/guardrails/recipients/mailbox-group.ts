import { registrableDomain } from './registrable-domain.js'

const GROUPS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    google: ['gmail.com', 'googlemail.com'],
    microsoft: [
      'outlook.com',
      'hotmail.com',
      'live.com',
      'msn.com',
      'hotmail.co.uk',
      'live.co.uk',
      'outlook.de',
      'hotmail.de',
      'hotmail.fr',
    ],
    yahoo: ['yahoo.com', 'aol.com', 'ymail.com', 'rocketmail.com', 'yahoo.co.uk', 'yahoo.de', 'yahoo.fr', 'yahoo.co.in'],
  }).flatMap(([group, domains]) => domains.map((domain): [string, string] => [domain, group])),
)

/**
 * Who receives mail for a domain: consumer mailbox providers count as one whatever their domain is called
 * (`google`, `microsoft`, `yahoo`), every other domain is its registrable domain.
 */
export function mailboxGroup(domain: string): string {
  const registrable = registrableDomain(domain)
  return GROUPS.get(registrable) ?? registrable
}
