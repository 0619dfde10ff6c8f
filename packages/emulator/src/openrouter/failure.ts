import type { FailureName } from '../reply.ts'
import type { FailureFacts, StreamEvent, Turn, WireFailure } from '../wire.ts'
import { isRecord } from '../narrow.ts'

type Row = readonly [status: number, type: string, message: string, metadata?: object]

const rows: Readonly<Record<FailureName, Row>> = {
  rate_limit: [
    429,
    'rate_limit_exceeded',
    'Rate limit exceeded',
    { provider_name: 'Emulator', raw: 'too many requests' },
  ],
  overloaded: [503, 'provider_overloaded', 'The provider is overloaded', { provider_name: 'Emulator' }],
  server: [500, 'server', 'Internal Server Error'],
  auth: [401, 'authentication', 'No auth credentials found'],
  billing: [402, 'payment_required', 'Insufficient credits. Add more to continue.'],
  permission: [403, 'permission_denied', 'This key may not use this model'],
  not_found: [404, 'not_found', 'No endpoints found for this model'],
  bad_request: [400, 'invalid_request', 'Invalid request'],
  context_length: [
    400,
    'context_length_exceeded',
    "This endpoint's maximum context length is 128000 tokens. However, you requested about 150000 tokens.",
  ],
  content_filter: [
    403,
    'content_policy_violation',
    'Your input was flagged',
    { reasons: ['violence'], flagged_input: 'the flagged part', provider_name: 'Emulator' },
  ],
  too_large: [413, 'payload_too_large', 'Request body is too large'],
}

export function failure(name: FailureName, facts: FailureFacts): WireFailure {
  const [status, error_type, message, metadata] = rows[name]
  return {
    status,
    body: { error: { code: status, message: facts.message ?? message, metadata: { ...metadata, error_type } } },
    ...(facts.retryAfter === undefined ? {} : { headers: { 'retry-after': facts.retryAfter } }),
  }
}

/** A chunk with the error at its top and a choice that finished with `error`. */
export function streamError(refusal: WireFailure, turn: Turn): StreamEvent {
  return {
    data: {
      id: `gen-${turn.id}`,
      object: 'chat.completion.chunk',
      created: 1_790_000_000,
      model: turn.model,
      provider: 'Emulator',
      ...(isRecord(refusal.body) ? refusal.body : {}),
      choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error', native_finish_reason: null }],
    },
  }
}
