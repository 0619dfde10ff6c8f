import type { MaybePromise } from '@wayfare/core'

/** Goes on at once with a value that is there, later with a promised one. */
export function after<T, R>(value: MaybePromise<T>, proceed: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(proceed) : proceed(value)
}
