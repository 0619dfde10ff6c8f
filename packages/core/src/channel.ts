import type { MaybePromise } from './contract/budget.ts'
import { LLMError } from './error.ts'

/** Who puts items into a sink, and is told when it may go on. */
export interface Writer {
  /** More is wanted. */
  goOn(): void
  /** The reader has left. */
  stop(reason: LLMError): void
}

/** Where the events of a call go. */
export interface Sink<T> {
  /**
   * Whether more is wanted at once; else the writer is told later, once. Throws what whoever hears of the item throws, and the
   * reason when the reader has left.
   */
  offer(item: T, writer: Writer): boolean
}

/** Offers an item. What it returns resolves when more is wanted, and rejects when the reader leaves; undefined: go on at once. */
export function put<T>(sink: Sink<T>, item: T): MaybePromise<void> {
  const pause = new Pause()
  if (!sink.offer(item, pause)) return pause.over()
}

/** A writer that waits: where more is wanted at once, there is nothing to promise. */
class Pause implements Writer {
  goOn!: () => void
  stop!: (reason: LLMError) => void

  over(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.goOn = resolve
      this.stop = reject
    })
  }
}

/**
 * Leads from the work that makes items to the one who reads them. The work begins with the first `take`, and runs only while
 * somebody waits for an item: each item that is offered is the last one until the next `take`. Nothing is promised for a
 * single item: a stream has thousands.
 */
export class Channel<T> implements Sink<T> {
  #work: ((sink: Sink<T>) => Promise<unknown>) | undefined
  #running: Promise<void> | undefined
  #give: ((item: T | undefined) => void) | undefined
  #writer: Writer | undefined
  #left: LLMError | undefined
  #ended = false

  /** How the work fails is its own affair: here it only ends. */
  constructor(work: (sink: Sink<T>) => Promise<unknown>) {
    this.#work = work
  }

  /** Asks for the next item, which is undefined when there is none any more. Whoever asks again meanwhile takes the place of who asked before. */
  take(give: (item: T | undefined) => void): void {
    if (this.#ended) return give(undefined)
    this.#give = give
    if (this.#work !== undefined) this.#begin(this.#work)
    else this.#release()?.goOn()
  }

  offer(item: T, writer: Writer): boolean {
    const give = this.#give
    this.#give = undefined
    give?.(item)
    // Whoever asked before it left gets what it asked for.
    if (this.#left !== undefined) throw this.#left
    if (this.#give !== undefined) return true
    this.#writer = writer
    return false
  }

  /** Ends the work where it waits, or else at its next item; resolves when it has ended. */
  async leave(): Promise<void> {
    this.#left ??= new LLMError('cancelled', 'the stream was left before its end')
    this.#release()?.stop(this.#left)
    if (this.#running === undefined) this.#end()
    else await this.#running
  }

  /** The one who waits, who is told but once. */
  #release(): Writer | undefined {
    const writer = this.#writer
    this.#writer = undefined
    return writer
  }

  #begin(work: (sink: Sink<T>) => Promise<unknown>): void {
    this.#work = undefined
    const end = (): void => this.#end()
    this.#running = work(this).then(end, end)
  }

  #end(): void {
    this.#ended = true
    this.#work = undefined
    const give = this.#give
    this.#give = undefined
    give?.(undefined)
  }
}
