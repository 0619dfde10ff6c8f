import type { ChatResponse } from './contract/response.ts'

/** Somebody who asked for the response, and has not got it yet. */
export interface Waiter {
  readonly promise: Promise<ChatResponse>
  readonly resolve: (response: ChatResponse) => void
  readonly reject: (error: unknown) => void
}

export function makeWaiter(): Waiter {
  let resolve!: Waiter['resolve']
  let reject!: Waiter['reject']
  const promise = new Promise<ChatResponse>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
