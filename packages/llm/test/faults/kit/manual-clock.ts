import type { WatchedClock } from './clock.ts'

interface Timer {
  readonly at: number
  readonly fire: () => void
}

/** Time that moves only when told, beside sockets that are real. */
export class ManualClock implements WatchedClock {
  readonly waits: number[] = []
  /** What happens when the router has gone to sleep. Default: the time passes. */
  asleep: (ms: number) => void = (ms) => this.advance(ms)
  #now = 0
  #wall: number
  readonly #timers = new Set<Timer>()

  constructor(startsAt: Date = new Date('2026-03-10T12:00:00Z')) {
    this.#wall = startsAt.getTime()
  }

  now(): number {
    return this.#now
  }

  date(): Date {
    return new Date(this.#wall + this.#now)
  }

  timer(ms: number, fire: () => void): { clear(): void } {
    const timer = { at: this.#now + ms, fire }
    this.#timers.add(timer)
    return { clear: () => void this.#timers.delete(timer) }
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.waits.push(ms)
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        timer.clear()
        reject(signal?.reason as Error)
      }
      const timer = this.timer(ms, () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      })
      signal?.addEventListener('abort', onAbort, { once: true })
      setImmediate(() => this.asleep(ms))
    })
  }

  get timersLeft(): number {
    return this.#timers.size
  }

  /** Time passes, and each timer fires when it is due. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) {
      this.#now = Math.max(this.#now, next.at)
      this.#fire(next)
    }
    this.#now = end
  }

  /** Time passes while nothing runs; what was due fires late, before anything is read. */
  block(ms: number): void {
    this.#now += ms
    const due = [...this.#timers].filter(({ at }) => at <= this.#now).toSorted((a, b) => a.at - b.at)
    for (const timer of due) if (this.#timers.has(timer)) this.#fire(timer)
  }

  /** Somebody sets the wall clock, or the machine slept while the steady clock stood still. */
  setWall(byMs: number): void {
    this.#wall += byMs
  }

  #next(): Timer | undefined {
    return [...this.#timers].toSorted((a, b) => a.at - b.at)[0]
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer)
    timer.fire()
  }
}
