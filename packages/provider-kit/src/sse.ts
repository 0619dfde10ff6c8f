import { LLMError } from '@wayfare/core'
import { SSEError, SSEParser as Parser, scan as scanBody, type SSEEvent, type SSEOptions } from '@wayfare/sse'

/** The parser of `@wayfare/sse`, with `LLMError`s: an event that is too large is `response_too_large`. */
export class SSEParser extends Parser {
  override feed(chunk: Uint8Array): readonly SSEEvent[] {
    try {
      return super.feed(chunk)
    } catch (error) {
      throw translated(error)
    }
  }
}

/** `scan` of `@wayfare/sse`, with `LLMError`s. */
export async function* scan(
  body: AsyncIterable<Uint8Array>,
  options?: SSEOptions,
): AsyncGenerator<SSEEvent, void, undefined> {
  try {
    yield* scanBody(body, options)
  } catch (error) {
    throw translated(error)
  }
}

export function translated(error: unknown): unknown {
  if (!(error instanceof SSEError)) return error
  return new LLMError('response_too_large', 'the server sent an event that is too large to keep', { cause: error })
}
