/** The plain rate from `sample` sends on; below, the rate one may be 95 % sure of, and a single event says nothing. */
export function rateOf(count: number, total: number, sample: number): number {
  if (total <= 0 || count <= 0 || (count < 2 && total < sample)) return 0
  return total >= sample ? count / total : wilsonLowerBound(count, total)
}

/** Lower end of the 95 % interval of a rate (Wilson 1927). */
function wilsonLowerBound(count: number, total: number): number {
  const z = 1.96
  const p = Math.min(1, count / total)
  const middle = p + (z * z) / (2 * total)
  const spread = z * Math.sqrt((p * (1 - p) + (z * z) / (4 * total)) / total)
  return Math.max(0, (middle - spread) / (1 + (z * z) / total))
}
