import { LLMError } from '@wayfare/core'
import type { Clock, FinishReason, ProviderEvent, Warning } from '@wayfare/core'
import { isRecord, parseJSON, SSEParser, wireError } from '@wayfare/provider-kit'
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

/**
 * The events of a stream, those of one network read together. Throws `stream_truncated` when it ends before an event that
 * says `finish`, and the server's own error when one stands inside it.
 */
export async function* events(
  body: AsyncIterable<Uint8Array>,
  answering: Answering,
): AsyncGenerator<readonly ProviderEvent[]> {
  const parser = new SSEParser({ tail: true })
  const reader = new AnswerReader(answering)
  let empty = true
  for await (const bytes of body) {
    empty = false
    const out: ProviderEvent[] = []
    try {
      for (const { data } of parser.feed(bytes)) if (!reader.finished) reader.read(parseJSON(data), out)
    } catch (error) {
      // What came before it in the same read was still received, and is paid for.
      if (out.length > 0) yield out
      throw error
    }
    if (out.length > 0) yield out
    if (reader.finished) return
  }
  if (empty) throw reader.failure('protocol', 'the answer was empty')
  // An event that the end of the stream cut off counts only if it is the last one, and whole.
  const out: ProviderEvent[] = []
  for (const { data } of parser.end()) if (isLast(data)) reader.read(parseJSON(data), out)
  if (out.length > 0) yield out
  if (!reader.finished) throw reader.unfinished()
}

function isLast(data: string): boolean {
  try {
    const value = parseJSON(data)
    return isRecord(value) && (wireEvent(value).finish !== undefined || value['error'] !== undefined)
  } catch {
    return false
  }
}

/** Turns what the server sends into our events, one answer long. */
export class AnswerReader {
  finished = false
  readonly #answering: Answering
  #started = false
  /** Whether this wire knew any of what came; undefined before anything came. */
  #known: boolean | undefined

  constructor(answering: Answering) {
    this.#answering = answering
  }

  /** Throws when the value is an error. */
  read(value: unknown, out: ProviderEvent[]): void {
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
      this.finished = true
      out.push({ type: 'finish', reason: reasons[event.finish] ?? 'other', rawReason: event.finish })
    }
  }

  /** Why there is no answer when the stream ends without its last event. */
  unfinished(): LLMError {
    if (this.#known === false) return this.failure('protocol', 'the stream holds no events of this API')
    return this.failure('stream_truncated', 'the stream ended before it said why')
  }

  failure(kind: 'protocol' | 'stream_truncated', message: string): LLMError {
    const { provider, model } = this.#answering
    return new LLMError(kind, message, { provider, model })
  }

  #serverError(body: Readonly<Record<string, unknown>>): LLMError {
    const { provider, model, headers, clock } = this.#answering
    return wireError(provider, model, { status: 200, headers, body, now: clock.date() }, readError)
  }
}

const reasons: { readonly [reason: string]: FinishReason } = {
  stop: 'stop',
  length: 'length',
  filtered: 'content_filter',
}
