import type { LLMError, ProviderEvent } from '@wayfare/core'
import { SSEReader, type SSEDecode, type SSESink } from '@wayfare/sse'
import { MOST_IDLE_EVENTS, type AnswerReader, type AnswerState, type Decoder } from './decoder.ts'
import { translated } from './sse.ts'

const NOTHING: ProviderEvent[] = []

/** Reads an event stream for a wire. */
export class SSEDecoder implements Decoder, SSESink {
  readonly #reader: AnswerReader
  readonly #stream: SSEReader
  #out = NOTHING
  #ended = false
  #idle = 0

  constructor(reader: AnswerReader) {
    this.#reader = reader
    this.#stream = new SSEReader(this)
  }

  get state(): AnswerState {
    return this.#reader.state
  }

  feed(chunk: Uint8Array, out: ProviderEvent[]): void {
    this.#out = out
    try {
      this.#stream.feed(chunk)
    } catch (error) {
      throw translated(error)
    } finally {
      // Kept no longer: what was read last would stay alive while the stream is silent.
      this.#out = NOTHING
    }
  }

  end(out: ProviderEvent[]): void {
    this.#out = out
    this.#ended = true
    try {
      this.#stream.end()
    } catch (error) {
      throw translated(error)
    }
    this.#reader.end(out)
  }

  empty(): LLMError {
    return this.#reader.empty()
  }

  event(data: string, name: string): void {
    const reader = this.#reader
    const out = this.#out
    const before = out.length
    if (this.#ended) reader.readLast(data, out, name)
    else reader.read(data, out, name)
    if (reader.state === 'finished') this.#stream.stop()
    else if (out.length > before) this.#idle = 0
    else if (++this.#idle > MOST_IDLE_EVENTS) throw reader.endless()
  }

  field(name: string, value: string): void {
    this.#reader.field?.(name, value)
  }

  match(text: string, at: number, decode?: SSEDecode): number {
    const past = this.#reader.match?.(text, at, this.#out, decode) ?? -1
    if (past !== -1) this.#idle = 0
    return past
  }
}
