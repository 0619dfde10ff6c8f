import type { ProviderEvent } from '@wayfare/core'
import { AnswerStream } from './answer-stream.ts'
import type { Decoder } from './decoder.ts'
import { PulledBytes } from './pulled-bytes.ts'

/** The events of a body that was fetched by other means, those of one read together. However it ends, the body is closed. */
export function decoded(
  body: AsyncIterable<Uint8Array>,
  decoder: Decoder,
): AsyncIterableIterator<readonly ProviderEvent[]> {
  return new AnswerStream(async () => ({ body: new PulledBytes(body[Symbol.asyncIterator]()), decoder }))
}
