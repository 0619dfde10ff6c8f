import { isThenable } from './thenable.ts'

/** A function of the user's that is told of each event. What it throws ends the call. */
export class Listener<E> {
  readonly #onEvent: (event: E) => void
  #refusal: { readonly reason: unknown } | undefined

  constructor(onEvent: (event: E) => void) {
    this.#onEvent = onEvent
  }

  /** Throws what the function throws, and what a promise that it returned earlier, which nobody waits for, was rejected with. */
  tell(event: E): void {
    this.check()
    try {
      // The type promises nothing, and an async function fits it.
      const told: unknown = this.#onEvent(event)
      if (isThenable(told)) told.then(undefined, (reason: unknown) => (this.#refusal ??= { reason }))
    } catch (reason) {
      this.#refusal = { reason }
      throw reason
    }
  }

  check(): void {
    if (this.#refusal !== undefined) throw this.#refusal.reason
  }
}
