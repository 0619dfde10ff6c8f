import type { MaybePromise } from '@wayfare/core'
import { timerOf, type CostClock } from './clock.ts'
import { inTime, pause } from './in-time.ts'

/** Something to tell the store, whatever else it is told before; told again, it changes nothing. */
export type Letter = () => MaybePromise<unknown>

const firstWaitMs = 200
const longestWaitMs = 30_000
/** Before each try of a flush: a connection that was lost is often back at once. */
const flushWaitsMs = [0, 50, 200]
/** Beyond, the oldest go: the leases of their reservations charge them in full. */
const maxLetters = 100_000
/** So many failures in a row are the store's; the rest are not tried then. */
const failuresOfStore = 3
/** How often a letter may fail while others are taken. */
const maxTries = 10

/** What the store could not be told yet. It is tried again and again; one that fails lets the others pass. */
export class Outbox {
  /** How often each has failed while others were taken. */
  readonly #letters = new Map<Letter, number>()
  readonly #clock: CostClock
  readonly #delivered: () => void
  readonly #gaveUp: () => void
  #waitMs = firstWaitMs
  #timer: { clear(): void } | undefined
  #telling: Promise<void> | undefined

  constructor(clock: CostClock, delivered: () => void, gaveUp: () => void) {
    this.#clock = clock
    this.#delivered = delivered
    this.#gaveUp = gaveUp
  }

  get size(): number {
    return this.#letters.size
  }

  put(letter: Letter): void {
    this.#letters.set(letter, 0)
    const [oldest] = this.#letters.keys()
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
    this.#telling ??= this.#tellEach().finally(() => (this.#telling = undefined))
    return this.#telling
  }

  async #tellEach(): Promise<void> {
    this.#timer?.clear()
    this.#timer = undefined
    const failed: Letter[] = []
    let told = 0
    let failures = 0
    for (const letter of this.#letters.keys()) {
      if (failures === failuresOfStore) break
      try {
        await inTime(letter(), this.#clock)
      } catch {
        failed.push(letter)
        failures++
        continue
      }
      this.#letters.delete(letter)
      told++
      failures = 0
      this.#delivered()
    }
    this.#waitMs = failed.length === 0 ? firstWaitMs : Math.min(2 * this.#waitMs, longestWaitMs)
    for (const letter of failed) this.#putLast(letter, told > 0)
    if (this.#letters.size > 0) this.#wait()
  }

  /** Behind the others, so that those which are never taken do not stand in the way of those which are. */
  #putLast(letter: Letter, othersWereTaken: boolean): void {
    const tries = (this.#letters.get(letter) ?? 0) + (othersWereTaken ? 1 : 0)
    if (!this.#letters.delete(letter)) return
    if (tries < maxTries) this.#letters.set(letter, tries)
    else this.#gaveUp()
  }

  #wait(): void {
    this.#timer ??= timerOf(this.#clock)(this.#waitMs, () => {
      this.#timer = undefined
      void this.#tellAll()
    })
  }
}
