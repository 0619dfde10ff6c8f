import type { SSEEvent, SSEOptions } from './event.ts'
import { SSEParser } from './parser.ts'

/**
 * The events of a body as they arrive. Ends at the end of the body or at `until`; however it ends, the body is closed.
 * Throws `SSEError` when an event is too large, and whatever the body throws.
 *
 * @example
 * ```ts
 * import { scan } from '@wayfare/sse'
 * const response = await fetch('http://localhost:8000/events')
 * for await (const { data } of scan(response.body!, { until: '[DONE]' })) console.log(JSON.parse(data))
 * ```
 */
export async function* scan(
  body: AsyncIterable<Uint8Array>,
  options: SSEOptions = {},
): AsyncGenerator<SSEEvent, void, undefined> {
  const parser = new SSEParser(options)
  for await (const chunk of body) {
    yield* parser.feed(chunk)
    if (parser.done) return
  }
  yield* parser.end()
}
