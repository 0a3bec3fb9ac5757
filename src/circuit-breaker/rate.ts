interface Counts {
  readonly calls: number
  readonly failures: number
  readonly slow: number
}

interface Threshold {
  readonly minCalls: number
  readonly rate: number
  readonly compare: 'ge' | 'gt'
}

/** Whether the share of failed calls, or of slow ones, is too high. */
export function rateTripped(counts: Counts, threshold: Threshold, slowRate?: number): boolean {
  const { calls, failures, slow } = counts
  if (calls < threshold.minCalls) return false
  return (
    exceeds(failures, calls, threshold.rate, threshold.compare) ||
    (slowRate !== undefined && exceeds(slow, calls, slowRate, 'ge'))
  )
}

/** None at all is never too many, also where the threshold is 0. */
function exceeds(part: number, calls: number, rate: number, compare: 'ge' | 'gt'): boolean {
  return part > 0 && (compare === 'ge' ? part / calls >= rate : part / calls > rate)
}
