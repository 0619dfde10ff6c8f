import { LLMError } from '@wayfare/core'

const MAX_BODY = 256 * 1024 * 1024
const whole = new TextDecoder()

/** The text of a whole body. Decoded as it arrives: bytes, their copy and the text at once would be three times the limit. */
export class BodyText {
  #decoder: typeof whole | undefined
  #text = ''
  #length = 0
  #last: Uint8Array | undefined

  /** Throws `response_too_large` beyond 256 MiB. */
  add(chunk: Uint8Array): void {
    this.#length += chunk.length
    if (this.#length > MAX_BODY)
      throw new LLMError('response_too_large', 'the answer is larger than 256 MiB', { billed: 'yes' })
    if (this.#last !== undefined) {
      this.#decoder ??= new TextDecoder()
      this.#text += this.#decoder.decode(this.#last, { stream: true })
    }
    this.#last = chunk
  }

  /** Most bodies come in one read, which is decoded far quicker when nothing can follow. */
  end(): string {
    return this.#text + (this.#decoder ?? whole).decode(this.#last)
  }
}
