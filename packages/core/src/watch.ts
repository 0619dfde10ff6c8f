import type { Clock } from './contract/clock.ts'
import { LLMError } from './error.ts'
import type { Timers } from './timeouts.ts'

/** A timer that comes this much late stood in a blocked event loop: what arrived meanwhile has not been read yet. */
const lateMs = 100
const graceMs = 50

/**
 * The timers of one attempt: first chunk, progress, attempt. Time counts against the first two only while the provider is
 * being pulled: a slow consumer is not a slow provider. One timer serves all; it is re-armed when it fires, not per event.
 */
export class Watch {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #cut: (error: LLMError) => void
  readonly #startedAt: number
  #timer: { clear(): void } | undefined
  #dueAt = Infinity
  #pulledAt: number | undefined
  /** Waited without content, over earlier pulls. */
  #waitedMs = 0
  #content = false
  #stopped = false

  constructor(clock: Clock, timers: Timers, cut: (error: LLMError) => void) {
    this.#clock = clock
    this.#timers = timers
    this.#cut = cut
    this.#startedAt = clock.now()
  }

  pulling(): void {
    const now = this.#clock.now()
    this.#pulledAt = now
    if (this.#timer !== undefined && this.#dueAt <= now + this.#limitMs() - this.#waitedMs) return
    this.#timer?.clear()
    this.#arm(now)
  }

  /** A pull brought something; `progress` when it was content. */
  pulled(progress: boolean): void {
    if (progress) {
      this.#content = true
      this.#waitedMs = 0
    } else if (this.#pulledAt !== undefined) {
      this.#waitedMs += this.#clock.now() - this.#pulledAt
    }
    this.#pulledAt = undefined
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.clear()
    this.#timer = undefined
  }

  #limitMs(): number {
    return this.#content ? this.#timers.progressMs : Math.min(this.#timers.firstChunkMs, this.#timers.progressMs)
  }

  #arm(now: number): void {
    const attemptLeft = this.#startedAt + this.#timers.attemptMs - now
    const waiting = this.#pulledAt === undefined ? Infinity : this.#limitMs() - this.#waitedMs - (now - this.#pulledAt)
    const ms = Math.min(attemptLeft, waiting)
    this.#timer = undefined
    if (ms === Infinity) return
    this.#schedule(now, Math.max(ms, 0))
  }

  #schedule(now: number, ms: number): void {
    this.#dueAt = now + ms
    this.#timer = this.#clock.timer(ms, () => this.#fire())
  }

  #fire(): void {
    this.#timer = undefined
    if (this.#stopped) return
    const now = this.#clock.now()
    const error = this.#overdue(now)
    if (error === undefined) this.#arm(now)
    else if (now - this.#dueAt > lateMs) this.#schedule(now, graceMs)
    else this.#cut(error)
  }

  #overdue(now: number): LLMError | undefined {
    const { attemptMs } = this.#timers
    if (now - this.#startedAt >= attemptMs) {
      return new LLMError('timeout', `the attempt took longer than ${attemptMs} ms`, {
        phase: 'request',
        code: 'attempt',
      })
    }
    if (this.#pulledAt === undefined || this.#waitedMs + (now - this.#pulledAt) < this.#limitMs()) return undefined
    const what = this.#content ? 'no further content' : 'no content'
    return new LLMError('timeout', `${what} came within ${this.#limitMs()} ms`, {
      phase: 'progress',
      ...(this.#content ? {} : { code: 'first_chunk' }),
    })
  }
}
