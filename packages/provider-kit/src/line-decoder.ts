import type { LLMError, ProviderEvent } from '@wayfare/core'
import { MOST_IDLE_EVENTS, type AnswerReader, type AnswerState, type Decoder } from './decoder.ts'
import { LineSplitter } from './lines.ts'

/** Reads NDJSON for a wire: each line is an event without a name. */
export class LineDecoder implements Decoder {
  readonly #reader: AnswerReader
  readonly #lines = new LineSplitter()
  #idle = 0

  constructor(reader: AnswerReader) {
    this.#reader = reader
  }

  get state(): AnswerState {
    return this.#reader.state
  }

  feed(chunk: Uint8Array, out: ProviderEvent[]): void {
    const reader = this.#reader
    for (const line of this.#lines.feed(chunk)) {
      if (reader.state === 'finished') return
      const before = out.length
      reader.read(line, out, '')
      if (out.length > before) this.#idle = 0
      else if (++this.#idle > MOST_IDLE_EVENTS) throw reader.endless()
    }
  }

  end(out: ProviderEvent[]): void {
    const reader = this.#reader
    if (reader.state !== 'finished') for (const line of this.#lines.end()) reader.readLast(line, out, '')
    reader.end(out)
  }

  empty(): LLMError {
    return this.#reader.empty()
  }
}
