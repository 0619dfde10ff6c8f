import type { Clock } from '@wayfare/core'

interface Timer {
  readonly at: number
  readonly order: number
  readonly fire: () => void
}

/**
 * Time that moves only when told to. Timers fire one by one in the order of their time, then of their making, and whatever a
 * timer set off has run to its end before the next one fires.
 */
export class VirtualClock implements Clock {
  #now = 0
  #order = 0
  #wall: number
  readonly #timers = new Set<Timer>()

  constructor(startsAt: Date = new Date('2026-01-01T00:00:00Z')) {
    this.#wall = startsAt.getTime()
  }

  now(): number {
    return this.#now
  }

  date(): Date {
    return new Date(this.#wall + this.#now)
  }

  timer(ms: number, fire: () => void): { clear(): void } {
    if (!(ms <= 2 ** 31 - 1)) throw new RangeError(`a timer of ${ms} ms would fire at once on a real clock`)
    const timer: Timer = { at: this.#now + Math.max(0, ms), order: this.#order++, fire }
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

  /** Timers that have neither fired nor been cleared. */
  get timersLeft(): number {
    return this.#timers.size
  }

  /** Somebody sets the wall clock; monotonic time goes on as before. */
  setWall(byMs: number): void {
    this.#wall += byMs
  }

  /** The event loop is busy: time passes and no timer fires until it is free again. */
  block(ms: number): void {
    this.#now += ms
  }

  /** Runs everything that needs no time. */
  idle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve))
  }

  /** Lets time pass, and everything happen that happens meanwhile. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await this.idle()
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) await this.#fire(next)
    this.#now = Math.max(this.#now, end)
  }

  /** Lets as much time pass as the work needs; throws when it waits for something that no timer brings. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false
    const settle = (): void => {
      settled = true
    }
    work.then(settle, settle)
    await this.idle()
    while (!settled) {
      const next = this.#next()
      if (next === undefined) throw new Error('the work waits for ever: no timer is left')
      await this.#fire(next)
    }
    return work
  }

  #next(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer
    }
    return first
  }

  #fire(timer: Timer): Promise<void> {
    this.#timers.delete(timer)
    this.#now = Math.max(this.#now, timer.at)
    timer.fire()
    return this.idle()
  }
}
