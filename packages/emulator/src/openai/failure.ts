import type { FailureName } from '../reply.ts'
import type { FailureFacts, StreamEvent, WireFailure } from '../wire.ts'

type Row = readonly [status: number, type: string, code: string | null, message: string]

const rows: Readonly<Record<FailureName, Row>> = {
  rate_limit: [429, 'requests', 'rate_limit_exceeded', 'Rate limit reached for requests per minute.'],
  overloaded: [503, 'service_unavailable_error', 'server_is_overloaded', 'Our servers are currently overloaded.'],
  server: [500, 'server_error', null, 'The server had an error while processing your request.'],
  auth: [401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'],
  billing: [429, 'insufficient_quota', 'credit_balance_exhausted', 'You exceeded your current quota.'],
  permission: [403, 'invalid_request_error', null, 'Your project has no access to this model.'],
  not_found: [404, 'invalid_request_error', 'model_not_found', 'The model does not exist.'],
  bad_request: [400, 'invalid_request_error', null, 'Invalid request.'],
  context_length: [
    400,
    'invalid_request_error',
    'context_length_exceeded',
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 150000 tokens.",
  ],
  content_filter: [
    400,
    'invalid_request_error',
    'content_policy_violation',
    'The prompt was rejected by the safety system.',
  ],
  too_large: [413, 'invalid_request_error', 'request_too_large', 'The request is too large.'],
}

export function failure(name: FailureName, facts: FailureFacts): WireFailure {
  const [status, type, code, message] = rows[name]
  return {
    status,
    body: { error: { message: facts.message ?? message, type, param: facts.param ?? null, code } },
    ...(facts.retryAfter === undefined ? {} : { headers: { 'retry-after': facts.retryAfter } }),
  }
}

export function streamError(refusal: WireFailure): StreamEvent {
  return { data: refusal.body }
}
