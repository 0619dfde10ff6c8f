import { LLMError } from './error.ts'

/** Where the events of a call go. */
export interface Sink<T> {
  /** Resolves when more is wanted; rejects when the reader has left. */
  put(item: T): void | Promise<void>
}

/**
 * Leads from the work that makes items to the one who reads them. The work begins with the first `take`, and runs only while
 * somebody waits for an item: each `put` lasts until the next `take`.
 */
export class Channel<T> implements Sink<T> {
  #work: ((sink: Sink<T>) => Promise<unknown>) | undefined
  #running: Promise<void> | undefined
  #give: ((item: T | undefined) => void) | undefined
  #goOn: (() => void) | undefined
  #stop: ((reason: LLMError) => void) | undefined
  #left: LLMError | undefined
  #ended = false

  /** How the work fails is its own affair: here it only ends. */
  constructor(work: (sink: Sink<T>) => Promise<unknown>) {
    this.#work = work
  }

  /** The next item; undefined when there is none any more. One at a time. */
  take(): Promise<T | undefined> {
    if (this.#ended) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#give = resolve
      if (this.#work !== undefined) this.#begin(this.#work)
      else this.#goOn?.()
    })
  }

  put(item: T): Promise<void> {
    this.#give?.(item)
    this.#give = undefined
    // Whoever asked before it left gets what it asked for.
    if (this.#left !== undefined) return Promise.reject(this.#left)
    return new Promise((resolve, reject) => {
      this.#goOn = resolve
      this.#stop = reject
    })
  }

  /** Ends the work where it waits, or else at its next item; resolves when it has ended. */
  async leave(): Promise<void> {
    this.#left ??= new LLMError('cancelled', 'the stream was left before its end')
    this.#stop?.(this.#left)
    if (this.#running === undefined) this.#end()
    else await this.#running
  }

  #begin(work: (sink: Sink<T>) => Promise<unknown>): void {
    this.#work = undefined
    const end = (): void => this.#end()
    this.#running = work(this).then(end, end)
  }

  #end(): void {
    this.#ended = true
    this.#work = undefined
    this.#give?.(undefined)
    this.#give = undefined
  }
}
