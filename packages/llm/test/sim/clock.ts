import type { Clock } from '@wayfare/core'
import { Dice } from './dice.ts'

interface Timer {
  readonly at: number
  /** Timers of one instant fire in an order that the seed decides: this is what schedules a run. */
  readonly lot: number
  readonly fire: () => void
}

/** Virtual time. Whatever is ready to go on waits in a timer, and `step` lets one of them go. */
export class SimClock implements Clock {
  #now = 0
  #wall: number
  readonly #timers = new Set<Timer>()
  readonly #dice: Dice
  /** Time that passed while nothing could run. */
  blockedMs = 0
  /** What no clock can do. */
  readonly misuses: string[] = []

  constructor(seed: number, startsAt: Date) {
    this.#dice = new Dice(seed)
    this.#wall = startsAt.getTime()
  }

  now(): number {
    return this.#now
  }

  date(): Date {
    return new Date(this.#wall + this.#now)
  }

  timer(ms: number, fire: () => void): { clear(): void } {
    if (!(ms >= 0 && ms <= 2 ** 31 - 1)) this.misuses.push(`a timer of ${ms} ms, which fires at once on a real clock`)
    const timer: Timer = { at: this.#now + Math.max(0, ms), lot: this.#dice.random(), fire }
    this.#timers.add(timer)
    return { clear: () => void this.#timers.delete(timer) }
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error)
        return
      }
      const onAbort = (): void => {
        timer.clear()
        reject(signal?.reason as Error)
      }
      const timer = this.timer(ms, () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      })
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  get timersLeft(): number {
    return this.#timers.size
  }

  /** Somebody sets the wall clock. That takes a millisecond, as whoever reads it may do so once in each. */
  setWall(byMs: number): void {
    this.#wall += byMs
    this.#now += 1
  }

  /** The event loop is busy: time passes, and timers are late. */
  block(ms: number): void {
    this.#now += ms
    this.blockedMs += ms
  }

  /** Moves to a later time at which nothing was due. */
  skipTo(ms: number): void {
    this.#now = Math.max(this.#now, ms)
  }

  /** Fires the next timer; false when there is none. */
  step(): boolean {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.lot < next.lot)) next = timer
    }
    if (next === undefined) return false
    this.#timers.delete(next)
    this.#now = Math.max(this.#now, next.at)
    next.fire()
    return true
  }
}

/** Runs everything that needs no time. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
