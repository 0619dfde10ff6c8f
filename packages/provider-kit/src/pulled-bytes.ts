import type { ByteReader, ByteStream } from './exchange.ts'
import { nextBytes } from './next-bytes.ts'

/** Bytes that somebody else's iterator hands out. */
export class PulledBytes implements ByteStream {
  readonly #iterator: AsyncIterator<Uint8Array>
  #arrived: (() => Uint8Array | 'over') | undefined

  constructor(iterator: AsyncIterator<Uint8Array>) {
    this.#iterator = iterator
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  take(): Uint8Array | 'later' | 'over' {
    const arrived = this.#arrived
    this.#arrived = undefined
    return arrived === undefined ? 'later' : arrived()
  }

  wait(reader: ByteReader): void {
    const tell = (arrived: () => Uint8Array | 'over'): void => {
      this.#arrived = arrived
      reader.ready()
    }
    void this.#iterator.next().then(
      ({ done, value }) => tell(() => (done ? 'over' : value)),
      (error: unknown) =>
        tell(() => {
          throw error
        }),
    )
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return nextBytes(this)
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    await this.#iterator.return?.()
    return { done: true, value: undefined }
  }
}
