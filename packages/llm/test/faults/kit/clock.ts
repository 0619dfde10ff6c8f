import type { Clock } from '@wayfare/core'

/** A clock that tells what was waited, and what was left running. */
export interface WatchedClock extends Clock {
  /** What the router would have waited, in milliseconds. */
  readonly waits: readonly number[]
  readonly timersLeft: number
}

/** Real timers, but waits between attempts take no time: they are written down, and the clock moves on by them. */
export class HastyClock implements WatchedClock {
  readonly waits: number[] = []
  #skipped = 0
  #timers = 0

  /** Time goes by that nobody waits for. */
  skip(ms: number): void {
    this.#skipped += ms
  }

  now(): number {
    return performance.now() + this.#skipped
  }

  date(): Date {
    return new Date(Date.now() + this.#skipped)
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.waits.push(ms)
    this.#skipped += ms
    await new Promise((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
  }

  timer(ms: number, fire: () => void): { clear(): void } {
    let live = true
    const end = (): void => {
      if (live) this.#timers--
      live = false
    }
    this.#timers++
    const timer = setTimeout(() => {
      end()
      fire()
    }, ms)
    return {
      clear: () => {
        clearTimeout(timer)
        end()
      },
    }
  }

  get timersLeft(): number {
    return this.#timers
  }
}
