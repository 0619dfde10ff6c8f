import type { ProviderEvent, ProviderRequest } from '@wayfare/core'
import { isRecord, type WireResponse } from '@wayfare/provider-kit'
import { hasError } from './error.ts'
import type { ChatReader } from './events.ts'
import { records } from './wire.ts'

/** Whether an answer is one JSON body: servers that ignore `stream` send one, whatever was asked. */
export function isWhole({ contentType }: WireResponse, { stream }: ProviderRequest): boolean {
  if (contentType === 'text/event-stream') return false
  return contentType.endsWith('json') || !stream
}

/** The events of one JSON body. Throws `protocol` when it is no chat completion. */
export function wholeAnswer(body: unknown, reader: ChatReader): ProviderEvent[] {
  if (isRecord(body) && !hasError(body) && records(body['choices']).length === 0) throw reader.unreadable()
  return [...reader.whole(body), ...reader.end()]
}
