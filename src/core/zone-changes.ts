/** From a minute on (minutes since 1970), a zone keeps this offset; null = what the runtime's data say again. */
export interface ZoneChange {
  readonly from: number
  readonly offset: number | null
}

/** The same as a policy writes it, by IANA zone. An empty list takes a built-in correction back. */
export type ZoneChanges = Readonly<Record<string, readonly { readonly fromUtc: string; readonly offsetMinutes: number | null }[]>>

/** The corrections of a zone known under several names: the host's, else the built-in ones; in order. */
export function changesOf(names: readonly string[], given: ZoneChanges): readonly ZoneChange[] {
  for (const table of [given, BUILT_IN]) {
    for (const name of names) {
      const found = Object.hasOwn(table, name) ? table[name] : undefined
      if (found !== undefined) return found.map(parse).sort((a, b) => a.from - b.from)
    }
  }
  return []
}

function parse({ fromUtc, offsetMinutes }: { readonly fromUtc: string; readonly offsetMinutes: number | null }): ZoneChange {
  return { from: Math.floor(Date.parse(fromUtc) / 60_000), offset: offsetMinutes }
}

/**
 * Laws younger than the data of stock runtimes (Node 20.20 ships tz 2025c), from the release notes of tz 2026b to
 * 2026f (iana.org/time-zones). Where the runtime knows the law, it is asked and not this table.
 */
const BUILT_IN: ZoneChanges = {
  // British Columbia keeps -07 (2026b), Alberta -06 (2026c), the Northwest Territories -06 (2026d), Manitoba -05 (2026e).
  'America/Vancouver': [{ fromUtc: '2026-11-01T09:00Z', offsetMinutes: -420 }],
  'America/Edmonton': [{ fromUtc: '2026-11-01T08:00Z', offsetMinutes: -360 }],
  'America/Yellowknife': [{ fromUtc: '2026-11-01T08:00Z', offsetMinutes: -360 }],
  'America/Inuvik': [{ fromUtc: '2026-11-01T08:00Z', offsetMinutes: -360 }],
  'America/Winnipeg': [{ fromUtc: '2026-11-01T07:00Z', offsetMinutes: -300 }],
  // Morocco and Western Sahara are back on +00 (2026c).
  'Africa/Casablanca': [{ fromUtc: '2026-09-20T01:00Z', offsetMinutes: 0 }],
  'Africa/El_Aaiun': [{ fromUtc: '2026-09-20T01:00Z', offsetMinutes: 0 }],
  // Cuba stays on -04 for a year (2026f).
  'America/Havana': [
    { fromUtc: '2026-11-01T05:00Z', offsetMinutes: -240 },
    { fromUtc: '2027-11-07T05:00Z', offsetMinutes: null },
  ],
}

/** Zones with a built-in correction. */
export const CORRECTED_ZONES: readonly string[] = Object.keys(BUILT_IN)
