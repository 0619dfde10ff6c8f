/** The time as the tracker needs it: the wall for windows, a steady one (milliseconds) for leases. */
export interface CostClock {
  date(): Date
  now(): number
  /** For a store that does not answer. Default: the system's timers, which keep no process alive. */
  timer?: ((ms: number, fire: () => void) => Timer) | undefined
}

interface Timer {
  clear(): void
  /** Keeps the process alive until it fires. */
  hold?(): void
}

// The global is a getter, which is asked once.
let steady: { now(): number } | undefined

/** The system's time; the one place where this package reads it. */
export const systemClock: CostClock = {
  date: () => new Date(),
  now: () => (steady ??= performance).now(),
  timer: startTimer,
}

/** A timer of the clock, or the system's where the clock has none. */
export function timerOf(clock: CostClock): NonNullable<CostClock['timer']> {
  return clock.timer?.bind(clock) ?? startTimer
}

function startTimer(ms: number, fire: () => void): Timer {
  const timer: { ref?(): void; unref?(): void } = setTimeout(fire, ms)
  timer.unref?.()
  return {
    clear: () => clearTimeout(timer as ReturnType<typeof setTimeout>), // what was just made
    hold: () => timer.ref?.(),
  }
}
