import { z } from 'zod'
import { hostName } from './host-name.js'
import { clockOf } from './zone-clock.js'

/** Read into its one spelling, as mail and links are. A URL or an address would match nothing. */
export const domainName = z
  .string()
  .refine((text) => hostName(text) !== undefined, 'is not a domain such as agency.example.')
  .transform((text) => hostName(text) ?? text)

export const zoneName = z
  .string()
  .refine((name) => clockOf(name) !== null, 'is not an IANA time zone this runtime knows, e.g. "America/New_York".')
