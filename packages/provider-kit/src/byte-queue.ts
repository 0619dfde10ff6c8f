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

interface Reader {
  readonly resolve: (result: IteratorResult<Uint8Array>) => void
  readonly reject: (error: LLMError) => void
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
  #reader: Reader | undefined

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
    if (this.#reader !== undefined) this.#wake()
    else if (this.#bytes >= HIGH_WATER && !this.#paused) {
      this.#paused = true
      this.#source.pause()
    }
  }

  end(): void {
    this.#ended = true
    if (this.#reader !== undefined) this.#wake()
  }

  fail(error: LLMError): void {
    if (this.#ended) return
    this.#failure = error
    this.end()
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#isReady) {
      return new Promise((resolve, reject) => this.#serve({ resolve, reject }))
    }
    this.#source.waiting(true)
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
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

  get #isReady(): boolean {
    return this.#chunks.length > 0 || this.#ended
  }

  #wake(): void {
    const reader = this.#reader!
    this.#reader = undefined
    this.#source.waiting(false)
    // A microtask later everything that the same read brought is in the queue.
    queueMicrotask(() => this.#serve(reader))
  }

  /** What arrived before a failure is handed out before it. */
  #serve({ resolve, reject }: Reader): void {
    if (this.#chunks.length > 0) {
      const value = this.#shift()
      if (this.#paused && this.#bytes < HIGH_WATER) {
        this.#paused = false
        this.#source.resume()
      }
      resolve({ done: false, value })
    } else if (this.#failure === undefined) resolve(DONE)
    else {
      reject(this.#failure)
      this.#failure = undefined
    }
  }

  /** All that waits as one piece, unless it is a flood: that is not copied. */
  #shift(): Uint8Array {
    const all = this.#chunks.length > 1 && this.#bytes <= HIGH_WATER
    const value = all ? concat(this.#chunks, this.#bytes) : this.#chunks[0]!
    this.#chunks = all || this.#chunks.length === 1 ? [] : this.#chunks.slice(1)
    this.#bytes -= value.length
    return value
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
