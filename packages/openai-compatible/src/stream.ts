import { LLMError, type ProviderEvent } from '@wayfare/core'
import { SSEParser, type WireResponse } from '@wayfare/provider-kit'
import type { ChatReader } from './events.ts'
import { wholeAnswer } from './response.ts'

/** What an answer is read with. */
export interface Opened {
  readonly reader: ChatReader
  /** Whether an empty answer is billed. */
  readonly unanswered: 'no' | 'unknown'
  /** One item per network read, or the text of an answer that is one JSON body. */
  readonly body: (AsyncIterable<Uint8Array> & Partial<Pick<WireResponse, 'drain'>>) | string
}

/** The events of an answer, those of one network read together. One generator does it all: each more costs every read. */
export async function* readAnswer(
  open: () => Promise<Opened>,
): AsyncGenerator<readonly ProviderEvent[], void, undefined> {
  const { reader, unanswered, body } = await open()
  if (typeof body === 'string') {
    yield wholeAnswer(body, reader, unanswered)
    return
  }
  const parser = new SSEParser({ tail: true, form: reader.form, onField: (name, value) => reader.field(name, value) })
  let last: readonly ProviderEvent[] | undefined
  let empty = true
  try {
    for await (const chunk of body) {
      empty = false
      const events = reader.feed(parser.feed(chunk))
      if (reader.failure !== undefined) {
        yield events
        throw reader.failure
      }
      if (reader.done) {
        last = events
        await body.drain?.()
        break
      }
      if (events.length > 0) yield events
    }
    if (empty) throw reader.unreadable({ billed: unanswered })
    last ??= reader.tail(parser.end())
    if (reader.failure !== undefined) {
      yield last
      throw reader.failure
    }
  } catch (error) {
    if (!isLateBreak(error) || !reader.complete) throw error
    last = [] // the answer was complete; only its farewell is missing
  }
  yield [...last, ...reader.end()]
}

function isLateBreak(error: unknown): boolean {
  return (
    LLMError.is(error) && (error.kind === 'stream_truncated' || (error.kind === 'timeout' && error.phase === 'idle'))
  )
}
