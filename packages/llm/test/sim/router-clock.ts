import type { Clock } from '@wayfare/core'
import type { SimClock } from './clock.ts'

/** The clock as the router gets it: what the router has begun and not ended is counted. */
export class RouterClock implements Clock {
  readonly #clock: SimClock
  /** Timers that neither fired nor were cleared, and sleeps under way. */
  open = 0

  constructor(clock: SimClock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  date(): Date {
    return this.#clock.date()
  }

  timer(ms: number, fire: () => void): { clear(): void } {
    this.open++
    let open = true
    const end = (): void => {
      if (open) this.open--
      open = false
    }
    const timer = this.#clock.timer(ms, () => {
      end()
      fire()
    })
    return {
      clear: () => {
        end()
        timer.clear()
      },
    }
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.open++
    try {
      await this.#clock.sleep(ms, signal)
    } finally {
      this.open--
    }
  }
}
