import type { MaybePromise } from '@wayfare/core'
import { timerOf, type CostClock } from './clock.ts'
import { inTime, pause } from './in-time.ts'

/** Something to tell the store; told again, it changes nothing. */
export type Letter = () => MaybePromise<unknown>

const firstWaitMs = 200
const longestWaitMs = 30_000
/** Before each try of a flush: a connection that was lost is often back at once. */
const flushWaitsMs = [0, 50, 200]
/** Beyond, the oldest go: the leases of their reservations charge them in full. */
const maxLetters = 100_000

/** What the store could not be told yet, in order. It is tried again and again. */
export class Outbox {
  readonly #letters = new Set<Letter>()
  readonly #clock: CostClock
  readonly #delivered: () => void
  #waitMs = firstWaitMs
  #timer: { clear(): void } | undefined
  #telling: Promise<void> | undefined

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

  /** Tells all of them now, with three tries at most; resolves with how many are left. */
  async flush(): Promise<number> {
    for (const waitMs of flushWaitsMs) {
      if (this.#letters.size === 0) break
      if (waitMs > 0) await pause(waitMs, this.#clock)
      await this.#tellAll()
    }
    return this.#letters.size
  }

  #tellAll(): Promise<void> {
    this.#telling ??= this.#tellInOrder().finally(() => (this.#telling = undefined))
    return this.#telling
  }

  async #tellInOrder(): Promise<void> {
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
      void this.#tellAll()
    })
  }
}
