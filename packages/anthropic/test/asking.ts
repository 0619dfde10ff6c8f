import type { ProviderEvent, ProviderRequest } from '@wayfare/core'
import { decoded, SSEDecoder } from '@wayfare/provider-kit'
import { asking as askingOf, bodyEvents } from '../../provider-kit/test/asking.ts'
import { MessageReader, type Answering } from '../src/events.ts'

export { gather, partsOf, sliced, textOf } from '../../provider-kit/test/asking.ts'

/** A request with one user message, and whatever a test changes. */
export function asking(changes: Partial<ProviderRequest> = {}): ProviderRequest {
  return askingOf({ model: 'claude-sonnet-5-5', ...changes })
}

/** What a stream says. */
export function events(body: AsyncIterable<Uint8Array>, answering: Answering): AsyncIterable<readonly ProviderEvent[]> {
  return decoded(body, new SSEDecoder(new MessageReader(answering)))
}

/** What one JSON body says. */
export function readMessage(body: unknown, answering: Answering): readonly ProviderEvent[] {
  return bodyEvents(new MessageReader(answering), body)
}
