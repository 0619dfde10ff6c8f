import type { ChatEvent } from './contract/response.ts'
import type { LLMError } from './error.ts'

/** The stream whose text is read. */
export interface TextSource {
  next(): Promise<IteratorResult<ChatEvent, undefined>>
  leave(): Promise<IteratorReturnResult<undefined>>
  /** The reader has heard of the failure, and need not be told again. */
  told(): void
}

const done: IteratorReturnResult<undefined> = { done: true, value: undefined }
const noop = (): void => {}

/** Reads the text alone. It cannot say `reset`: a reader that keeps words which are void hears of it as an error. */
export class TextReader implements AsyncIterator<string, undefined> {
  readonly #source: TextSource
  /** The last `next()`: it may take several events, so those asked meanwhile wait their turn. */
  #reading: Promise<unknown> | undefined
  /** Whether there was any text, why an attempt failed last, and whether the text ended there. */
  #shown = false
  #failure: LLMError | undefined
  #torn = false

  constructor(source: TextSource) {
    this.#source = source
  }

  next(): Promise<IteratorResult<string, undefined>> {
    const before = this.#reading
    const mine = before === undefined ? this.#read() : before.then(() => this.#read())
    const settled = mine.then(noop, noop).then(() => {
      if (this.#reading === settled) this.#reading = undefined
    })
    this.#reading = settled
    return mine
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    return this.#source.leave()
  }

  async #read(): Promise<IteratorResult<string, undefined>> {
    for (;;) {
      const result = this.#torn ? done : await this.#source.next()
      if (result.done) return done
      const event = result.value
      if (event.type === 'attempt_failed') this.#failure = event.error
      else if (event.type === 'reset' && this.#shown) throw this.#tear()
      else if (event.type === 'text_delta') {
        this.#shown = true
        return { done: false, value: event.text }
      }
    }
  }

  /** Who came too late to forbid a reset: `response()` goes on. */
  #tear(): LLMError | undefined {
    this.#torn = true
    this.#source.told()
    return this.#failure
  }
}
