import { resolutionMs } from './alarm.ts'
import type { Alarm, Sleeper } from './alarm.ts'
import type { Clock } from './contract/clock.ts'
import { LLMError } from './error.ts'
import type { Worker } from './guard.ts'
import type { Timers } from './timeouts.ts'

/** A timer that comes later than this stood in a blocked event loop: what arrived meanwhile has not been read yet. */
const onTimeMs = 100
const graceMs = 50

/**
 * The timers of one attempt: first chunk, progress, attempt. Time counts against the first two only while the provider is
 * being pulled: a slow consumer is not a slow provider.
 */
export class Watch implements Sleeper {
  readonly startedMs: number
  readonly #clock: Clock
  readonly #alarm: Alarm
  readonly #timers: Timers
  readonly #watched: Worker
  /** What was blocked is given time to read what came meanwhile: until then nothing is overdue. */
  #graceEnds = -Infinity
  #pulledAt: number | undefined
  /** Waited over earlier pulls, since content or usage last came. */
  #waitedMs = 0
  /** Waited over earlier pulls, since the start and until content came. */
  #dryMs = 0
  #content = false
  #mostLateMs = 0

  constructor(clock: Clock, alarm: Alarm, timers: Timers, watched: Worker) {
    this.#clock = clock
    this.#alarm = alarm
    this.#timers = timers
    this.#watched = watched
    this.startedMs = clock.now()
    alarm.admit(this)
  }

  pulling(now: number): void {
    this.#pulledAt = now
    this.#alarm.ringBy(this.#dueAt(now), now)
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

  wake(now: number, lateMs: number): number {
    this.#mostLateMs = Math.max(this.#mostLateMs, lateMs)
    if (this.#graceEnds - now >= resolutionMs) return this.#graceEnds
    const error = this.#overdue(now)
    if (error === undefined) return this.#dueAt(now)
    if (lateMs > onTimeMs) {
      this.#graceEnds = now + graceMs
      return this.#graceEnds
    }
    this.#watched.cut(error)
    return Infinity
  }

  stop(): void {
    this.#alarm.dismiss(this)
  }

  #dueAt(now: number): number {
    return Math.min(this.startedMs + this.#timers.attemptMs, now + this.#patienceMs(now))
  }

  /** How much longer the pull under way may last. */
  #patienceMs(now: number): number {
    if (this.#pulledAt === undefined) return Infinity
    const ms = now - this.#pulledAt
    const progressLeft = this.#timers.progressMs - this.#waitedMs - ms
    return this.#content ? progressLeft : Math.min(progressLeft, this.#timers.firstChunkMs - this.#dryMs - ms)
  }

  #overdue(now: number): LLMError | undefined {
    const { attemptMs, firstChunkMs, progressMs } = this.#timers
    if (this.startedMs + attemptMs - now < resolutionMs) {
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
