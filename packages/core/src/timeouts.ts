import type { Timeouts } from './contract/call.ts'
import type { TransportTimeouts } from './contract/provider.ts'
import { LLMError } from './error.ts'
import { isObject } from './is-object.ts'
import { checkNames } from './options.ts'

/** Every timer of a call, in milliseconds; those that are off are Infinity. */
export interface Timers extends TransportTimeouts {
  readonly totalMs: number
  readonly attemptMs: number
  readonly firstChunkMs: number
  readonly progressMs: number
}

const streamed: Timers = {
  totalMs: 30 * 60_000,
  attemptMs: Infinity,
  connectMs: 10_000,
  firstByteMs: 120_000,
  firstChunkMs: Infinity,
  idleMs: 120_000,
  progressMs: 300_000,
}
// One JSON body comes only when the model is done: nothing shows on the wire until then.
const whole: Timers = { ...streamed, totalMs: 10 * 60_000, firstByteMs: 600_000, progressMs: Infinity }

/** Longer delays overflow the timers of JavaScript engines and fire at once. One less, as what is left until a time is rounded. */
const longestMs = 2 ** 31 - 2

export function timersFor(timeout: number | Timeouts | undefined, stream: boolean): Timers {
  const defaults = stream ? streamed : whole
  if (timeout === undefined) return defaults
  const given: Timeouts = typeof timeout === 'number' ? { totalMs: timeout } : timeout
  if (!isObject(given))
    throw new LLMError('config', 'timeout must be a number of milliseconds, or an object such as { totalMs: 60_000 }')
  checkNames(given, 'timeout')
  const timers: Record<string, number> = { ...defaults }
  for (const [name, ms] of Object.entries(given)) {
    if (ms === undefined) continue
    if (typeof ms !== 'number' || !(ms > 0)) {
      throw new LLMError('config', `timeout.${name} must be a positive number of milliseconds`)
    }
    timers[name] = Math.min(ms, longestMs)
  }
  return timers as unknown as Timers // the names were checked above
}
