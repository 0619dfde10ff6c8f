import type { Clock } from './contract/clock.ts'
import { LLMError } from './error.ts'
import type { Timers } from './timeouts.ts'

/** A timer that comes this much late stood in a blocked event loop: what arrived meanwhile has not been read yet. */
const lateMs = 100
const graceMs = 50
/** Timers are no finer than this: what is left of a limit when one fires is rounding. */
const resolutionMs = 1

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
  /** Waited over earlier pulls, since content or usage last came. */
  #waitedMs = 0
  /** Waited over earlier pulls, since the start and until content came. */
  #dryMs = 0
  #content = false
  #stopped = false
  #mostLateMs = 0

  constructor(clock: Clock, timers: Timers, cut: (error: LLMError) => void) {
    this.#clock = clock
    this.#timers = timers
    this.#cut = cut
    this.#startedAt = clock.now()
  }

  pulling(): void {
    const now = this.#clock.now()
    this.#pulledAt = now
    if (this.#timer !== undefined && this.#dueAt <= now + this.#patienceMs(now)) return
    this.#timer?.clear()
    this.#arm(now)
  }

  /** A pull brought something: `progress` when it was content or usage, `content` once any content has come. */
  pulled(progress: boolean, content: boolean): void {
    if (progress && content) this.#waitedMs = 0
    else this.#waited(progress)
    this.#content = content
    this.#pulledAt = undefined
  }

  #waited(progress: boolean): void {
    const ms = this.#pulledAt === undefined ? 0 : this.#clock.now() - this.#pulledAt
    this.#waitedMs = progress ? 0 : this.#waitedMs + ms
    this.#dryMs += ms
  }

  /** How late the latest timer came. */
  get mostLateMs(): number {
    return this.#mostLateMs
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.clear()
    this.#timer = undefined
  }

  /** How much longer the pull under way may last. */
  #patienceMs(now: number): number {
    if (this.#pulledAt === undefined) return Infinity
    const ms = now - this.#pulledAt
    const progressLeft = this.#timers.progressMs - this.#waitedMs - ms
    return this.#content ? progressLeft : Math.min(progressLeft, this.#timers.firstChunkMs - this.#dryMs - ms)
  }

  #arm(now: number): void {
    const attemptLeft = this.#startedAt + this.#timers.attemptMs - now
    const ms = Math.min(attemptLeft, this.#patienceMs(now))
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
    this.#mostLateMs = Math.max(this.#mostLateMs, now - this.#dueAt)
    const error = this.#overdue(now)
    if (error === undefined) this.#arm(now)
    else if (now - this.#dueAt > lateMs) this.#schedule(now, graceMs)
    else this.#cut(error)
  }

  #overdue(now: number): LLMError | undefined {
    const { attemptMs, firstChunkMs, progressMs } = this.#timers
    if (this.#startedAt + attemptMs - now < resolutionMs) {
      return new LLMError('timeout', `the attempt took longer than ${attemptMs} ms`, {
        phase: 'request',
        code: 'attempt',
      })
    }
    if (this.#patienceMs(now) >= resolutionMs) return undefined
    if (this.#content) {
      return new LLMError('timeout', `no further content came within ${progressMs} ms`, { phase: 'progress' })
    }
    const limitMs = Math.min(firstChunkMs, progressMs)
    return new LLMError('timeout', `no content came within ${limitMs} ms`, { phase: 'progress', code: 'first_chunk' })
  }
}
