import type { LLMError, ProviderEvent } from '@wayfare/core'
import { BodyText } from './body-text.ts'
import type { AnswerState, Decoder } from './decoder.ts'
import { parseJSON } from './json.ts'

/** What a wire makes of an answer that is one JSON body. */
export interface BodyReader {
  /** Adds the events of the answer. Throws when it is an error, or no answer. */
  readBody(body: unknown, out: ProviderEvent[]): void
  /** Why a body without a byte is no answer. */
  empty(): LLMError
}

/** Reads one JSON body for a wire. */
export class BodyDecoder implements Decoder {
  readonly state: AnswerState = 'open'
  readonly #reader: BodyReader
  readonly #text = new BodyText()

  constructor(reader: BodyReader) {
    this.#reader = reader
  }

  feed(chunk: Uint8Array): void {
    this.#text.add(chunk)
  }

  end(out: ProviderEvent[]): void {
    this.#reader.readBody(parseJSON(this.#text.end()), out)
  }

  empty(): LLMError {
    return this.#reader.empty()
  }
}
