import type { MaybePromise } from '@wayfare/core'
import { timerOf, type CostClock } from './clock.ts'
import { inTime } from './in-time.ts'

/** Something to tell the store; told again, it changes nothing. */
export type Letter = () => MaybePromise<unknown>

const firstWaitMs = 200
const longestWaitMs = 30_000
/** Beyond, the oldest go: the leases of their reservations charge them in full. */
const maxLetters = 100_000

/** What the store could not be told yet, in order. It is tried again and again. */
export class Outbox {
  readonly #letters = new Set<Letter>()
  readonly #clock: CostClock
  readonly #delivered: () => void
  #waitMs = firstWaitMs
  #timer: { clear(): void } | undefined
  #flushing: Promise<void> | undefined

  constructor(clock: CostClock, delivered: () => void) {
    this.#clock = clock
    this.#delivered = delivered
  }

  get size(): number {
    return this.#letters.size
  }

  put(letter: Letter): void {
    this.#letters.add(letter)
    const [oldest] = this.#letters
    if (this.#letters.size > maxLetters && oldest !== undefined) this.#letters.delete(oldest)
    this.#wait()
  }

  /** Tries all of them now; resolves with how many are left. */
  async flush(): Promise<number> {
    this.#flushing ??= this.#flush().finally(() => (this.#flushing = undefined))
    await this.#flushing
    return this.#letters.size
  }

  async #flush(): Promise<void> {
    this.#timer?.clear()
    this.#timer = undefined
    for (const letter of this.#letters) {
      try {
        await inTime(letter(), this.#clock)
      } catch {
        this.#waitMs = Math.min(2 * this.#waitMs, longestWaitMs)
        this.#wait()
        return
      }
      this.#letters.delete(letter)
      this.#waitMs = firstWaitMs
      this.#delivered()
    }
  }

  #wait(): void {
    this.#timer ??= timerOf(this.#clock)(this.#waitMs, () => {
      this.#timer = undefined
      void this.flush()
    })
  }
}
