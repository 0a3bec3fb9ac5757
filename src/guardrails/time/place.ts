/** Somewhere the law or the clock may differ: a country (`FR`), or a state of the US or Canada (`US-FL`, `CA-BC`). */
export interface Place {
  readonly id: string
  /** Every zone a person there may live in. */
  readonly zones: readonly string[]
}

/** The zones of North America by one letter, as the tables of area codes and postal codes write them. */
const ZONES: Readonly<Record<string, string>> = {
  E: 'America/New_York',
  C: 'America/Chicago',
  M: 'America/Denver',
  Z: 'America/Phoenix',
  P: 'America/Los_Angeles',
  K: 'America/Anchorage',
  U: 'America/Adak',
  H: 'Pacific/Honolulu',
  R: 'America/Puerto_Rico',
  G: 'Pacific/Guam',
  O: 'Pacific/Pago_Pago',
  n: 'America/St_Johns',
  a: 'America/Halifax',
  b: 'America/Blanc-Sablon',
  t: 'America/Toronto',
  o: 'America/Atikokan',
  w: 'America/Winnipeg',
  i: 'America/Rankin_Inlet',
  s: 'America/Regina',
  e: 'America/Edmonton',
  c: 'America/Cambridge_Bay',
  q: 'America/Inuvik',
  d: 'America/Dawson_Creek',
  v: 'America/Vancouver',
  y: 'America/Whitehorse',
}

/** `EC` → New York and Chicago. */
export function zonesOf(letters: string): readonly string[] {
  return [...letters].flatMap((letter) => ZONES[letter] ?? [])
}

/** Several findings as one list: each place once, with the zones of all of them. */
export function mergePlaces(places: readonly Place[]): readonly Place[] {
  if (places.length < 2) return places
  const merged = new Map<string, readonly string[]>()
  for (const { id, zones } of places) merged.set(id, [...new Set([...(merged.get(id) ?? []), ...zones])])
  return [...merged].map(([id, zones]) => ({ id, zones }))
}
