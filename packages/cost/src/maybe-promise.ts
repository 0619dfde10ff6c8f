import type { MaybePromise } from '@wayfare/core'

/** Goes on at once with a value that is there, later with a promised one. */
export function after<T, R>(value: MaybePromise<T>, proceed: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isThenable(value) ? value.then(proceed) : proceed(value)
}

/** By its shape: where a library has replaced the global Promise, what async functions return is no instance of it. */
export function isThenable<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | null | undefined)?.then === 'function'
}
