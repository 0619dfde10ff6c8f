/** Somebody who asked for something, and has not got it yet. */
export interface Waiter<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

export function makeWaiter<T>(): Waiter<T> {
  let resolve!: Waiter<T>['resolve']
  let reject!: Waiter<T>['reject']
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
