import type { ProviderEvent, ProviderRequest } from '@wayfare/core'
import { decoded, LineDecoder } from '@wayfare/provider-kit'
import { asking as askingOf, bodyEvents } from '../../provider-kit/test/asking.ts'
import { LineReader, type Answering } from '../src/events.ts'

export { gather, partsOf, sliced, textOf } from '../../provider-kit/test/asking.ts'

/** A request with one user message, and whatever a test changes. */
export function asking(changes: Partial<ProviderRequest> = {}): ProviderRequest {
  return askingOf({ model: 'qwen3:8b', ...changes })
}

/** What a stream says. */
export function events(body: AsyncIterable<Uint8Array>, answering: Answering): AsyncIterable<readonly ProviderEvent[]> {
  return decoded(body, new LineDecoder(new LineReader(answering)))
}

/** What one JSON body says. */
export function readAnswer(body: unknown, answering: Answering): readonly ProviderEvent[] {
  return bodyEvents(new LineReader(answering), body)
}
