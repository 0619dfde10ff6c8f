import type { ProviderEvent, ProviderRequest } from '@wayfare/core'
import { isRecord, parseJSON, type WireResponse } from '@wayfare/provider-kit'
import { hasError } from './error.ts'
import type { ChatReader } from './events.ts'
import { records } from './wire.ts'

/** Whether an answer is one JSON body: servers that ignore `stream` send one, whatever was asked. */
export function isWhole({ contentType }: WireResponse, { stream }: ProviderRequest): boolean {
  if (contentType === 'text/event-stream') return false
  return contentType.endsWith('json') || !stream
}

/** The events of one JSON body. Throws `protocol` when it is no chat completion. `unanswered`: whether an empty one is billed. */
export function wholeAnswer(text: string, reader: ChatReader, unanswered: 'no' | 'unknown'): ProviderEvent[] {
  if (text === '') throw reader.unreadable({ billed: unanswered })
  const body = parseJSON(text)
  if (isRecord(body) && !hasError(body) && records(body['choices']).length === 0) throw reader.unreadable()
  return [...reader.whole(body), ...reader.end()]
}
