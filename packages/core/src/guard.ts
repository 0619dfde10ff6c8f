import type { AbortListener, AbortSource } from './abort.ts'
import type { LLMError } from './error.ts'
import { none, withOne, without } from './short-list.ts'

/** Whoever works for a call and must hear that it is over. */
export interface Worker {
  cut(reason: LLMError): void
}

/** The one way in which a call, or one attempt of it, ends early: whoever works for it hears why. */
export class Guard implements Worker, AbortSource {
  #reason: LLMError | undefined
  #over = false
  #lingers: ((reason: LLMError) => boolean) | undefined
  #workers: readonly Worker[] = none
  #controller: AbortController | undefined
  #listeners: readonly AbortListener[] = none

  get reason(): LLMError | undefined {
    return this.#reason
  }

  get aborted(): boolean {
    return this.#over
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
    for (const listener of this.#listeners) if (this.#listeners.includes(listener)) tell(listener)
  }

  /** Told when the signal is, and as a signal does it: once, unless it was removed meanwhile, and whatever others throw. */
  addEventListener(_: 'abort', listener: AbortListener): void {
    if (!this.#listeners.includes(listener)) this.#listeners = withOne(this.#listeners, listener)
  }

  removeEventListener(_: 'abort', listener: AbortListener): void {
    this.#listeners = without(this.#listeners, listener)
  }

  /** From now on such a reason ends it for everyone but those who go by the signal: they are told by `leave`. */
  linger(when: (reason: LLMError) => boolean): void {
    this.#lingers = when
  }

  /** Told of the end from now on, and at once if it has come. */
  admit(worker: Worker): void {
    this.#workers = withOne(this.#workers, worker)
    if (this.#reason !== undefined) worker.cut(this.#reason)
  }

  /** Told no more. */
  dismiss(worker: Worker): void {
    this.#workers = without(this.#workers, worker)
  }
}

/** What it throws is nobody's to catch, is seen as such, and keeps nobody from hearing. */
function tell(listener: AbortListener): void {
  try {
    listener.handleEvent()
  } catch (thrown) {
    void Promise.reject(thrown)
  }
}
