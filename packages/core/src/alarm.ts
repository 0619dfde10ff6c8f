import type { Clock } from './contract/clock.ts'
import { LLMError } from './error.ts'
import type { Worker } from './guard.ts'
import { none, withOne, without } from './short-list.ts'
import type { Timers } from './timeouts.ts'

/** Timers are no finer than this: what is left of a limit when one fires is rounding. */
export const resolutionMs = 1

/** Whoever has to be woken in time. */
export interface Sleeper {
  /** Told of the time; returns when to be woken next, in clock milliseconds. `lateMs` is how late the alarm rang. */
  wake(now: number, lateMs: number): number
}

/**
 * The one timer of a call, for its deadline and for those who sleep. It rings when the first of them is due, or before: to look
 * in vain costs less than to set a timer anew.
 */
export class Alarm {
  readonly #clock: Clock
  /** Whom the deadline cuts. */
  readonly #call: Worker
  #totalMs = Infinity
  #deadline = Infinity
  #sleepers: readonly Sleeper[] = none
  #timer: { clear(): void } | undefined
  #dueAt = Infinity

  constructor(clock: Clock, call: Worker) {
    this.#clock = clock
    this.#call = call
  }

  /** Starts the deadline. */
  start({ totalMs, attemptMs, firstChunkMs, progressMs }: Timers): void {
    const now = this.#clock.now()
    this.#totalMs = totalMs
    this.#deadline = now + totalMs
    // The first attempt, which mostly follows at once, is to find its timer set.
    this.ringBy(now + Math.min(totalMs, attemptMs, firstChunkMs, progressMs), now)
  }

  /** Until the deadline. */
  restMs(): number {
    return this.#deadline - this.#clock.now()
  }

  admit(sleeper: Sleeper): void {
    this.#sleepers = withOne(this.#sleepers, sleeper)
  }

  dismiss(sleeper: Sleeper): void {
    this.#sleepers = without(this.#sleepers, sleeper)
  }

  /** Sees to it that it rings at `dueAt` at the latest; `Infinity` is never. */
  ringBy(dueAt: number, now: number): void {
    // What is overdue rings at once, which is not late: nothing kept the timer from it.
    const at = Math.max(dueAt, now)
    if (at >= this.#dueAt) return
    this.#timer?.clear()
    this.#dueAt = at
    this.#timer = this.#clock.timer(at - now, () => this.#ring())
  }

  stop(): void {
    this.#timer?.clear()
    this.#timer = undefined
  }

  #ring(): void {
    const now = this.#clock.now()
    const lateMs = now - this.#dueAt
    this.#dueAt = Infinity
    if (this.#deadline - now < resolutionMs)
      return this.#call.cut(new LLMError('deadline', `the call took longer than its ${this.#totalMs} ms`))
    let dueAt = this.#deadline
    for (const sleeper of this.#sleepers) dueAt = Math.min(dueAt, sleeper.wake(now, lateMs))
    this.ringBy(dueAt, now)
  }
}
