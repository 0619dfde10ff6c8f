import type { Clock } from '@wayfare/core'

/** What the transport needs of time. */
export type TransportClock = Pick<Clock, 'now' | 'date' | 'timer'>

/** Real time, for requests outside a call (model lists, health). */
export const systemClock: TransportClock = {
  now: () => performance.now(),
  date: () => new Date(),
  timer(ms, fire) {
    const handle = setTimeout(() => fire(), ms)
    return { clear: () => clearTimeout(handle) }
  },
}
