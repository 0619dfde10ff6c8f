import type { LLMError } from '@wayfare/core'
import type { ByteStream } from './exchange.ts'

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
const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined }

/** Hands the bytes of one network read on as one item, however many pieces the protocol cut them into. */
export class ByteQueue implements ByteStream {
  readonly #source: ByteSource
  #chunks: Uint8Array[] = []
  #bytes = 0
  #paused = false
  #ended = false
  #failure: LLMError | undefined
  #wake: (() => void) | undefined

  constructor(source: ByteSource) {
    this.#source = source
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  push(chunk: Uint8Array): void {
    if (this.#ended || chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    if (this.#wake !== undefined) this.#notify()
    else if (this.#bytes >= HIGH_WATER && !this.#paused) {
      this.#paused = true
      this.#source.pause()
    }
  }

  end(): void {
    this.#ended = true
    this.#notify()
  }

  fail(error: LLMError): void {
    if (this.#ended) return
    this.#failure = error
    this.end()
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const ready = this.#take()
    if (ready !== undefined) return ready
    this.#source.waiting(true)
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#source.waiting(false)
        // A microtask later everything that the same read brought is in the queue.
        queueMicrotask(() => resolve(this.#take() ?? Promise.resolve(DONE)))
      }
    })
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#chunks = []
    this.#bytes = 0
    this.#failure = undefined
    this.end()
    await this.#source.stop()
    return DONE
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  /** All that waits as one piece, unless it is a flood: that is not copied. */
  #shift(): Uint8Array {
    const all = this.#chunks.length > 1 && this.#bytes <= HIGH_WATER
    const value = all ? concat(this.#chunks, this.#bytes) : this.#chunks[0]!
    this.#chunks = all ? [] : this.#chunks.slice(1)
    this.#bytes -= value.length
    return value
  }

  /** What arrived before a failure is handed out before it. */
  #take(): Promise<IteratorResult<Uint8Array>> | undefined {
    if (this.#chunks.length > 0) {
      const value = this.#shift()
      if (this.#paused && this.#bytes < HIGH_WATER) {
        this.#paused = false
        this.#source.resume()
      }
      return Promise.resolve({ done: false, value })
    }
    if (this.#failure !== undefined) {
      const error = this.#failure
      this.#failure = undefined
      return Promise.reject(error)
    }
    return this.#ended ? Promise.resolve(DONE) : undefined
  }
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
