import { FakeClock } from '../setup.ts'

/** A clock whose timers fire when it is moved. */
export class TimedClock extends FakeClock {
  readonly #timers = new Map<object, { readonly at: number; readonly fire: () => void }>()

  timer(ms: number, fire: () => void): { clear(): void } {
    const timer = { clear: () => void this.#timers.delete(timer) }
    this.#timers.set(timer, { at: this.ms + ms, fire })
    return timer
  }

  get timers(): number {
    return this.#timers.size
  }

  /** Lets time pass, and everything happen that is due meanwhile. */
  async pass(ms: number): Promise<void> {
    const end = this.ms + ms
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve))
      const [next] = [...this.#timers].toSorted(([, one], [, other]) => one.at - other.at)
      if (next === undefined || next[1].at > end) break
      this.ms = Math.max(this.ms, next[1].at)
      this.#timers.delete(next[0])
      next[1].fire()
    }
    this.ms = end
  }
}
