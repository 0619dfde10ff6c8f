import type { CostClock } from './clock.ts'

/** How long the steady clock is believed: a wall that is set, or that went on while the machine slept, is followed this much later. */
const believedMs = 1

/** The wall clock by the steady one, as reading either costs more than all the rest of a reservation. */
export class Wall {
  readonly #clock: CostClock
  /** What the wall is ahead of the steady clock. */
  #ahead = 0
  #readAt = -Infinity

  constructor(clock: CostClock) {
    this.#clock = clock
  }

  /** Unix milliseconds at a time of the steady clock. */
  at(now: number): number {
    const age = now - this.#readAt
    if (!(age >= 0 && age < believedMs)) {
      this.#readAt = now
      this.#ahead = this.#clock.date().getTime() - now
    }
    return now + this.#ahead
  }
}
