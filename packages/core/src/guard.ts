import type { LLMError } from './error.ts'

/** The one way in which a call ends early: a deadline, an abort or `close()` cuts it, and whoever works for it hears of it. */
export class Guard {
  #reason: LLMError | undefined
  #listener: ((reason: LLMError) => void) | undefined

  get reason(): LLMError | undefined {
    return this.#reason
  }

  cut(reason: LLMError): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#listener?.(reason)
  }

  /** Only one thing is under way in a call at a time; returns the function that stops listening. */
  listen(listener: (reason: LLMError) => void): () => void {
    this.#listener = listener
    if (this.#reason !== undefined) listener(this.#reason)
    return () => {
      if (this.#listener === listener) this.#listener = undefined
    }
  }
}
