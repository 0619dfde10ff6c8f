import type { FailureName } from '../reply.ts'
import type { FailureFacts, StreamEvent, WireFailure } from '../wire.ts'

type Row = readonly [status: number, type: string, message: string]

const rows: Readonly<Record<FailureName, Row>> = {
  rate_limit: [429, 'rate_limit_error', 'This request would exceed the rate limit of your organization.'],
  overloaded: [529, 'overloaded_error', 'Overloaded'],
  server: [500, 'api_error', 'Internal server error'],
  auth: [401, 'authentication_error', 'invalid x-api-key'],
  billing: [400, 'invalid_request_error', 'Your credit balance is too low to access the API.'],
  permission: [403, 'permission_error', 'Your API key has no permission to use this model.'],
  not_found: [404, 'not_found_error', 'model not found'],
  bad_request: [400, 'invalid_request_error', 'invalid request'],
  context_length: [400, 'invalid_request_error', 'prompt is too long: 250000 tokens > 200000 maximum'],
  content_filter: [400, 'invalid_request_error', 'Output blocked by content filtering policy'],
  too_large: [413, 'request_too_large', 'Request exceeds the maximum size'],
}

export function failure(name: FailureName, facts: FailureFacts): WireFailure {
  const [status, type, message] = rows[name]
  const own = name === 'not_found' ? `model: ${facts.model}` : message
  return {
    status,
    body: { type: 'error', error: { type, message: facts.message ?? own }, request_id: `req_${facts.id}` },
    ...(facts.retryAfter === undefined ? {} : { headers: { 'retry-after': facts.retryAfter } }),
  }
}

export function streamError(refusal: WireFailure): StreamEvent {
  return { event: 'error', data: refusal.body }
}
