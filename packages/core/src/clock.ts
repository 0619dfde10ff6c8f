import type { Clock } from './contract/clock.ts'

// The global is a getter, which is asked once.
let steady: { now(): number } | undefined

/** The system's time, for whoever has no other clock. The only place of this package that touches it. */
export const systemClock: Clock = {
  now: () => (steady ??= performance).now(),
  date: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error)
        return
      }
      const onAbort = (): void => {
        clearTimeout(timer)
        reject(signal?.reason as Error)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
  timer: (ms, fire) => new SystemTimer(ms, fire),
}

/** Each open stream has several: not a closure each. */
class SystemTimer {
  readonly #timer: ReturnType<typeof setTimeout>

  constructor(ms: number, fire: () => void) {
    this.#timer = setTimeout(fire, ms)
  }

  clear(): void {
    clearTimeout(this.#timer)
  }
}
