/** Longest text that is remembered: an address with a name before it, but no text somebody made long on purpose. */
const LONGEST = 500

/**
 * Remembers the answers of a pure function of a text. Cleared when full: it saves time, it is not state,
 * and it must stay small however many domains or agents there are.
 */
export function memoize<V>(max: number, make: (key: string) => V): (key: string) => V {
  const known = new Map<string, V>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make(key)
    if (key.length > LONGEST) return made
    if (known.size >= max) known.clear()
    known.set(key, made)
    return made
  }
}
