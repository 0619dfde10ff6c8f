import type { LLMError } from './error.ts'

/** Whoever works for a call and must hear that it is over. */
export interface Worker {
  cut(reason: LLMError): void
}

const nobody: readonly Worker[] = []

/** The one way in which a call, or one attempt of it, ends early: whoever works for it hears why. */
export class Guard implements Worker {
  #reason: LLMError | undefined
  #over = false
  #lingers: ((reason: LLMError) => boolean) | undefined
  #workers: readonly Worker[] = nobody
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
    for (const worker of this.#workers) worker.cut(reason)
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

  /** Told of the end from now on, and at once if it has come. */
  admit(worker: Worker): void {
    this.#workers = [...this.#workers, worker]
    if (this.#reason !== undefined) worker.cut(this.#reason)
  }

  /** Told no more. */
  dismiss(worker: Worker): void {
    const [first] = this.#workers
    this.#workers =
      this.#workers.length === 1 && first === worker ? nobody : this.#workers.filter((other) => other !== worker)
  }
}
