import type { Clock } from '@wayfare/core'

/** What the transport needs of time. */
export type TransportClock = Pick<Clock, 'now' | 'date' | 'timer'>

/** Real time, for requests outside a call (model lists, health). */
export const systemClock: TransportClock = {
  now: () => performance.now(),
  date: () => new Date(),
  timer: (ms, fire) => new SystemTimer(ms, fire),
}

class SystemTimer {
  readonly #timer: ReturnType<typeof setTimeout>

  constructor(ms: number, fire: () => void) {
    this.#timer = setTimeout(fire, ms)
  }

  clear(): void {
    clearTimeout(this.#timer)
  }
}
