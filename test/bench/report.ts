import { median, type Round, timesAsMany, timesFaster } from './measure.js'

/** One line of the table. */
export interface Row {
  readonly what: string
  readonly rounds: readonly Round[]
  /** Compared with this, round by round. */
  readonly peer?: { readonly name: string; readonly rounds: readonly Round[] }
  readonly target?: Target
}

export type Target =
  /** The median of the rounds' p50, microseconds. */
  | { readonly p50AtMost: number }
  | { readonly perSecondAtLeast: number }
  /** Faster than its peer by this factor. */
  | { readonly fasterThanPeer: number }
  /** The peer's rate, times this, at least. */
  | { readonly timesPeerRate: number }
  /** The peer's time by this factor, at most. */
  | { readonly withinOfPeer: number }

const HEAD = ['what', 'p50', 'best', 'p99', 'cpu', 'ops/s', 'beside', 'target', 'reached']

export function printTable(title: string, rows: readonly Row[]): void {
  const lines = [HEAD, ...rows.map(cells)]
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  console.log(`\n## ${title}\n`)
  for (const [index, line] of lines.entries()) {
    console.log(`| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
    if (index === 0) console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`)
  }
}

function cells(row: Row): string[] {
  const { what, rounds, peer } = row
  const p50s = rounds.map(({ p50 }) => p50)
  return [
    what,
    time(median(p50s)),
    time(Math.min(...p50s)),
    time(median(rounds.map(({ p99 }) => p99))),
    time(median(rounds.map(({ cpu }) => cpu))),
    count(median(rounds.map(({ perSecond }) => perSecond))),
    peer === undefined ? '' : beside(row, peer),
    row.target === undefined ? '' : targetText(row.target),
    row.target === undefined ? '' : reached(row, row.target),
  ]
}

function beside({ rounds, target }: Row, peer: NonNullable<Row['peer']>): string {
  if (target !== undefined && 'timesPeerRate' in target)
    return `${timesAsMany(rounds, peer.rounds).toFixed(1)}x the rate of ${peer.name}`
  return `${factor(timesFaster(rounds, peer.rounds))} ${peer.name}`
}

function targetText(target: Target): string {
  if ('p50AtMost' in target) return `p50 <= ${target.p50AtMost} us`
  if ('perSecondAtLeast' in target) return `>= ${count(target.perSecondAtLeast)}/s`
  if ('timesPeerRate' in target) return `>= ${target.timesPeerRate}x`
  if ('withinOfPeer' in target) return `<= x${target.withinOfPeer}`
  return 'faster'
}

/** `best round` = only when the machine left it alone. */
function reached({ rounds, peer }: Row, target: Target): string {
  if ('p50AtMost' in target) return verdict(rounds.map(({ p50 }) => target.p50AtMost / p50))
  if ('perSecondAtLeast' in target) return verdict(rounds.map(({ perSecond }) => perSecond / target.perSecondAtLeast))
  if ('timesPeerRate' in target)
    return verdict(
      rounds.map(({ perSecond }, round) => perSecond / ((peer?.rounds[round]?.perSecond ?? Number.NaN) * target.timesPeerRate)),
    )
  const ratios = rounds.map(({ p50 }, round) => (peer?.rounds[round]?.p50 ?? Number.NaN) / p50)
  return verdict(ratios.map((ratio) => ('withinOfPeer' in target ? ratio * target.withinOfPeer : ratio / target.fasterThanPeer)))
}

function verdict(shares: readonly number[]): string {
  if (median(shares) >= 1) return 'yes'
  return Math.max(...shares) >= 1 ? 'best round' : 'no'
}

function factor(value: number): string {
  return value >= 1 ? `${value.toFixed(value < 10 ? 1 : 0)}x as fast as` : `${(1 / value).toFixed(2)}x the time of`
}

function time(us: number): string {
  if (us < 1) return `${(us * 1000).toFixed(us < 0.01 ? 1 : 0)} ns`
  if (us < 1000) return `${us.toFixed(us < 100 ? 1 : 0)} us`
  return `${(us / 1000).toFixed(1)} ms`
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
