import type { TransportClock } from './transport-clock.ts'

export interface Watched {
  /** Something took longer than it may. */
  expired(): void
}

/**
 * One timer for everything that an exchange may wait for, moved by comparing times instead of being set anew at every read.
 * When it fires, the event loop first reads what has arrived: a process that was blocked must not blame the server.
 */
export class Watch {
  readonly #clock: TransportClock
  readonly #watched: Watched
  #deadline = Infinity
  #firesAt = Infinity
  #timer: { clear(): void } | undefined

  constructor(clock: TransportClock, watched: Watched) {
    this.#clock = clock
    this.#watched = watched
  }

  /** Expires in so many milliseconds, unless armed anew or disarmed before. */
  arm(ms: number): void {
    this.#deadline = this.#clock.now() + ms
    if (this.#deadline < this.#firesAt) this.#set(ms)
  }

  disarm(): void {
    this.#deadline = Infinity
  }

  /** Frees the timer. */
  clear(): void {
    this.#deadline = Infinity
    this.#firesAt = Infinity
    this.#timer?.clear()
    this.#timer = undefined
  }

  #set(ms: number): void {
    this.#timer?.clear()
    // Longer delays would fire at once; an arm that is never reached needs no timer.
    if (!(ms < 2 ** 31)) return
    this.#firesAt = this.#clock.now() + ms
    this.#timer = this.#clock.timer(ms, () => this.#fire())
  }

  #fire(): void {
    this.#timer = undefined
    this.#firesAt = Infinity
    if (this.#deadline === Infinity) return
    const rest = this.#deadline - this.#clock.now()
    if (rest > 0) return this.#set(rest)
    const missed = this.#deadline
    afterReads(() => {
      if (this.#deadline === missed) this.#watched.expired()
    })
  }
}

function afterReads(run: () => void): void {
  if (typeof setImmediate === 'function') setImmediate(() => setImmediate(run))
  else setTimeout(run, 0)
}
