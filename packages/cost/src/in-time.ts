import type { MaybePromise } from '@wayfare/core'
import { timerOf, type CostClock } from './clock.ts'
import { isThenable } from './maybe-promise.ts'

/** How long a store is waited for. */
const patienceMs = 1_000

/** An answer that is there, or comes in time; else an error. What comes later is not heard any more. */
export function inTime<T>(answer: MaybePromise<T>, clock: CostClock): MaybePromise<T> {
  if (!isThenable(answer)) return answer
  return new Promise<T>((resolve, reject) => {
    const timer = timerOf(clock)(patienceMs, () =>
      reject(new Error(`the store did not answer within ${patienceMs} ms; see whether it is up`)),
    )
    const end =
      <V>(tell: (value: V) => void) =>
      (value: V): void => {
        timer.clear()
        tell(value)
      }
    answer.then(end(resolve), end(reject))
  })
}

/** Somebody waits for it: the process lives as long. */
export function pause(ms: number, clock: CostClock): Promise<void> {
  return new Promise((resolve) => {
    timerOf(clock)(ms, resolve).hold?.()
  })
}
