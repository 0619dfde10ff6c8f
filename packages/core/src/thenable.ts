import type { MaybePromise } from './contract/budget.ts'

/**
 * Whether an answer has to be waited for. By its shape: a budget is a user's, and where a library has replaced the global Promise
 * (zone.js does), what async functions return is no instance of it.
 */
export function isThenable<T>(answer: MaybePromise<T>): answer is Promise<T> {
  return typeof (answer as Partial<Promise<T>> | undefined)?.then === 'function'
}
