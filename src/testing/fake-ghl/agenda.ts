/** Things that will happen at a time of the fake's clock. There are no timers: they happen when somebody looks. */
export interface Agenda {
  at(time: number, run: () => void): void
  /** Runs everything due, in the order of its time; what that adds is run too when it is due. */
  runDue(now: number): void
  clear(): void
}

export function createAgenda(): Agenda {
  let entries: { time: number; run: () => void }[] = []

  function takeFirstDue(now: number) {
    let first: (typeof entries)[number] | undefined
    for (const entry of entries) if (entry.time <= now && (!first || entry.time < first.time)) first = entry
    if (first) entries.splice(entries.indexOf(first), 1)
    return first
  }

  return {
    at: (time, run) => void entries.push({ time, run }),
    runDue(now) {
      for (let due = takeFirstDue(now); due; due = takeFirstDue(now)) due.run()
    },
    clear() {
      entries = []
    },
  }
}
