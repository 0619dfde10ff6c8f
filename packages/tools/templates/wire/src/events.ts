import { LLMError } from '@wayfare/core'
import type { Clock, FinishReason, ProviderEvent, Warning } from '@wayfare/core'
import { isRecord, parseJSON, wireError } from '@wayfare/provider-kit'
import type { AnswerReader, AnswerState, BodyReader } from '@wayfare/provider-kit'
import { readError } from './error.ts'
import { isKnown, wireEvent } from './wire.ts'

/** What the reader of an answer knows of the request that it answers. */
export interface Answering {
  readonly provider: string
  readonly model: string
  readonly clock: Pick<Clock, 'date'>
  /** Of the answer. */
  readonly headers: ReadonlyMap<string, string>
  readonly warnings: readonly Warning[]
}

/** Turns what the server sends into our events, one answer long. */
export class WordReader implements AnswerReader, BodyReader {
  readonly #answering: Answering
  #started = false
  #finished = false
  /** Whether this wire knew any of what came; undefined before anything came. */
  #known: boolean | undefined

  constructor(answering: Answering) {
    this.#answering = answering
  }

  get state(): AnswerState {
    return this.#finished ? 'finished' : 'open'
  }

  read(data: string, out: ProviderEvent[]): void {
    this.#event(parseJSON(data), out)
  }

  /** It counts only if it is the last one, or says what went wrong. */
  readLast(data: string, out: ProviderEvent[]): void {
    if (isLast(data)) this.read(data, out)
  }

  readBody(body: unknown, out: ProviderEvent[]): void {
    if (!isRecord(body)) throw this.#failure('protocol', 'the answer is not an object; check baseURL')
    this.#event(body, out)
    if (!this.#finished) throw this.#failure('stream_truncated', 'the answer does not say why it ended')
  }

  /** Throws when the stream ends before an event that says `finish`. */
  end(): void {
    if (this.#finished) return
    if (this.#known === false) throw this.#failure('protocol', 'the stream holds no events of this API')
    throw this.#failure('stream_truncated', 'the stream ended before it said why')
  }

  empty(): LLMError {
    return this.#failure('protocol', 'the answer was empty')
  }

  endless(): LLMError {
    return this.#failure('protocol', 'the stream goes on without content')
  }

  /** Throws when the value is an error. */
  #event(value: unknown, out: ProviderEvent[]): void {
    if (!isRecord(value)) return
    if (value['error'] !== undefined) throw this.#serverError(value)
    const event = wireEvent(value)
    this.#known = this.#known === true || isKnown(event)
    if (!this.#started) {
      const { warnings } = this.#answering
      this.#started = true
      out.push({
        type: 'start',
        ...(event.id !== undefined && { id: event.id }),
        ...(event.model !== undefined && { model: event.model }),
        ...(warnings.length > 0 && { warnings }),
      })
    }
    if (event.text !== '') out.push({ type: 'text_delta', text: event.text })
    if (event.usage !== undefined) out.push({ type: 'usage', usage: event.usage })
    if (event.finish !== undefined) {
      this.#finished = true
      out.push({ type: 'finish', reason: reasons[event.finish] ?? 'other', rawReason: event.finish })
    }
  }

  #failure(kind: 'protocol' | 'stream_truncated', message: string): LLMError {
    const { provider, model } = this.#answering
    return new LLMError(kind, message, { provider, model })
  }

  #serverError(body: Readonly<Record<string, unknown>>): LLMError {
    const { provider, model, headers, clock } = this.#answering
    return wireError(provider, model, { status: 200, headers, body, now: clock.date() }, readError)
  }
}

/** Whole, too: half a terminator is none. */
function isLast(data: string): boolean {
  try {
    const value = parseJSON(data)
    return isRecord(value) && (wireEvent(value).finish !== undefined || value['error'] !== undefined)
  } catch {
    return false
  }
}

const reasons: { readonly [reason: string]: FinishReason } = {
  stop: 'stop',
  length: 'length',
  filtered: 'content_filter',
}
