import type { TransportClock } from '../src/index.ts'

/** Time that moves only when told. */
export interface ManualClock extends TransportClock {
  advance(ms: number): void
  readonly pending: number
}

export function manualClock(): ManualClock {
  let now = 0
  const timers = new Set<{ at: number; fire: () => void }>()
  return {
    now: () => now,
    date: () => new Date(now),
    timer(ms, fire) {
      const timer = { at: now + ms, fire }
      timers.add(timer)
      return { clear: () => void timers.delete(timer) }
    },
    advance(ms) {
      const until = now + ms
      for (;;) {
        const [next] = [...timers].filter((timer) => timer.at <= until).toSorted((a, b) => a.at - b.at)
        if (next === undefined) break
        now = next.at
        timers.delete(next)
        next.fire()
      }
      now = until
    },
    get pending() {
      return timers.size
    },
  }
}
