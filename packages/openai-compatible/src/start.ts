import type { ProviderEvent } from '@wayfare/core'
import type { ReaderFacts } from './events.ts'
import { text, type Wire } from './wire.ts'

/** What the first chunk says of the answer. */
export function startEvent(chunk: Wire, { dialect, response, warnings }: ReaderFacts): ProviderEvent {
  const id = text(chunk['id'])
  const model = text(chunk['model'])
  const upstream = dialect.upstream?.(chunk)
  const requestId = response.headers.get(dialect.requestIdHeader ?? 'x-request-id')
  return {
    type: 'start',
    ...(id !== undefined && { id }),
    ...(model !== undefined && { model }),
    ...(upstream !== undefined && { upstream }),
    ...(requestId !== undefined && { requestId }),
    ...(warnings !== undefined && warnings.length > 0 && { warnings }),
  }
}
