import type { LLMError } from './error.ts'

/** The one way in which a call ends early: a deadline, an abort or `close()` cuts it, and whoever works for it hears of it. */
export class Guard {
  #reason: LLMError | undefined
  readonly #listeners = new Set<(reason: LLMError) => void>()

  get reason(): LLMError | undefined {
    return this.#reason
  }

  cut(reason: LLMError): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    for (const listener of this.#listeners) listener(reason)
  }

  /** Returns the function that stops listening. */
  listen(listener: (reason: LLMError) => void): () => void {
    this.#listeners.add(listener)
    if (this.#reason !== undefined) listener(this.#reason)
    return () => this.#listeners.delete(listener)
  }
}
