import { Signalled } from './signalled.ts'

/** What tells of the abort of a request: a signal, or what costs less than one. */
export interface AbortSource {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: AbortListener): void
  removeEventListener(type: 'abort', listener: AbortListener): void
}

export interface AbortListener {
  handleEvent(): void
}

/**
 * Tells of the same as the signal of a request. A request that comes straight from the router has one only once it is asked for,
 * and a provider that asks here instead spares its making.
 */
export function abortOf(request: { readonly signal: AbortSignal }): AbortSource {
  return Signalled.guardOf(request) ?? request.signal
}
