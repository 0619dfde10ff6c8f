import type { LLMError } from '@wayfare/core'
import type { ByteReader, ByteStream } from './exchange.ts'
import { nextBytes } from './next-bytes.ts'

/** What a queue tells the connection that feeds it. */
export interface ByteSource {
  /** A reader waits, or has got what it waited for. */
  waiting(yes: boolean): void
  pause(): void
  resume(): void
  /** The reader left; resolves when the connection is closed. */
  stop(): Promise<void>
}

const HIGH_WATER = 65_536
/** From this size on, reading pieces one by one is quicker than to join them. */
const LARGE = 4_096
/** Half the price of `queueMicrotask`. */
const SOON = Promise.resolve()

/** Hands the bytes of one network read on as one item, however many pieces the protocol cut them into. */
export class ByteQueue implements ByteStream {
  readonly #source: ByteSource
  #first: Uint8Array | undefined
  /** What came behind it: seldom anything. */
  #rest: Uint8Array[] | undefined
  #bytes = 0
  #paused = false
  #ended = false
  #failure: LLMError | undefined
  #reader: ByteReader | undefined

  constructor(source: ByteSource) {
    this.#source = source
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  push(chunk: Uint8Array): void {
    if (this.#ended || chunk.length === 0) return
    if (this.#first === undefined) this.#first = chunk
    else {
      this.#rest ??= []
      this.#rest.push(chunk)
    }
    this.#bytes += chunk.length
    if (this.#reader !== undefined) this.#wake(this.#reader)
    else if (this.#bytes >= HIGH_WATER && !this.#paused) {
      this.#paused = true
      this.#source.pause()
    }
  }

  end(): void {
    this.#ended = true
    if (this.#reader !== undefined) this.#wake(this.#reader)
  }

  fail(error: LLMError): void {
    if (this.#ended) return
    this.#failure = error
    this.end()
  }

  take(): Uint8Array | 'later' | 'over' {
    if (this.#first !== undefined) return this.#shift(this.#first)
    if (!this.#ended) return 'later'
    const failure = this.#failure
    if (failure === undefined) return 'over'
    this.#failure = undefined
    throw failure
  }

  wait(reader: ByteReader): void {
    if (this.#first !== undefined || this.#ended) void SOON.then(() => reader.ready())
    else {
      this.#reader = reader
      this.#source.waiting(true)
    }
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return nextBytes(this)
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#first = undefined
    this.#rest = undefined
    this.#bytes = 0
    this.#failure = undefined
    this.end()
    await this.#source.stop()
    return { done: true, value: undefined }
  }

  #wake(reader: ByteReader): void {
    this.#reader = undefined
    this.#source.waiting(false)
    // A microtask later everything that the same read brought is in the queue.
    void SOON.then(() => reader.ready())
  }

  /** All that waits as one piece, unless the pieces are large: those are not copied. */
  #shift(first: Uint8Array): Uint8Array {
    const rest = this.#rest
    const large = rest !== undefined && this.#bytes > LARGE * (rest.length + 1)
    const value = rest === undefined || large ? first : Buffer.concat([first, ...rest], this.#bytes)
    this.#first = large ? rest.shift() : undefined
    if (!large || rest.length === 0) this.#rest = undefined
    this.#bytes -= value.length
    if (this.#paused && this.#bytes < HIGH_WATER) {
      this.#paused = false
      this.#source.resume()
    }
    return value
  }
}
