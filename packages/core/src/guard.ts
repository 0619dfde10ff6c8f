import type { LLMError } from './error.ts'

/** The one way in which a call, or one attempt of it, ends early: whoever works for it hears why. */
export class Guard {
  #reason: LLMError | undefined
  #over = false
  #lingers: ((reason: LLMError) => boolean) | undefined
  readonly #listeners = new Set<(reason: LLMError) => void>()
  #controller: AbortController | undefined

  get reason(): LLMError | undefined {
    return this.#reason
  }

  /** For those who can be told by nothing else. Made when it is asked for: it costs more than all else an attempt begins with. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#over) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  cut(reason: LLMError): void {
    if (this.#over || this.#reason !== undefined) return
    this.#reason = reason
    if (this.#lingers?.(reason) !== true) this.leave()
    for (const listener of this.#listeners) listener(reason)
  }

  /** Ends it without a reason of its own: it has another one already. */
  leave(): void {
    if (this.#over) return
    this.#over = true
    this.#controller?.abort(this.#reason)
  }

  /** From now on such a reason ends it for everyone but those who go by the signal: they are told by `leave`. */
  linger(when: (reason: LLMError) => boolean): void {
    this.#lingers = when
  }

  /** Returns the function that stops listening. */
  listen(listener: (reason: LLMError) => void): () => void {
    this.#listeners.add(listener)
    if (this.#reason !== undefined) listener(this.#reason)
    return () => this.#listeners.delete(listener)
  }
}
