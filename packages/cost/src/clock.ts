/** The time as the tracker needs it: the wall for windows, a steady one (milliseconds) for leases. */
export interface CostClock {
  date(): Date
  now(): number
}

/** The system's time; the one place where this package reads it. */
export const systemClock: CostClock = {
  date: () => new Date(),
  now: () => performance.now(),
}
