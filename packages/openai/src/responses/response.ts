import type { ProviderEvent, ProviderRequest } from '@wayfare/core'
import { isRecord, type WireResponse } from '@wayfare/provider-kit'
import { ResponseReader, type Answering } from './events.ts'

/** Whether an answer is one JSON body: servers that ignore `stream` send one, whatever was asked. */
export function isWhole({ contentType }: WireResponse, { stream }: ProviderRequest): boolean {
  if (contentType === 'text/event-stream') return false
  return contentType.endsWith('json') || !stream
}

/** The events of a response that came as one JSON body. Throws `protocol` when it is none, its error when it is one. */
export function readResponse(body: unknown, answering: Answering, out: ProviderEvent[] = []): readonly ProviderEvent[] {
  const reader = new ResponseReader(answering)
  if (!isRecord(body)) throw notAResponse(reader)
  const { status = 'completed', output, error } = body
  if (status === 'failed') reader.end(status, body, out)
  if (!Array.isArray(output)) throw (error ?? null) === null ? notAResponse(reader) : reader.vendorError(body)
  if (status !== 'completed' && status !== 'incomplete')
    throw reader.failure('protocol', 'the server answered before its response was complete', { billed: 'yes' })
  reader.end(status, body, out)
  return out
}

function notAResponse(reader: ResponseReader): Error {
  return reader.failure('protocol', 'the answer is not a response; check that baseURL leads to a Responses API', {
    billed: 'yes',
  })
}
