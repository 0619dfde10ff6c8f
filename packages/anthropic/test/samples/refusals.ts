import type { Sample } from '@wayfare/provider-kit/testing'

export const refusals: { readonly [scenario: string]: Sample } = {
  bad_request: refusal(400, 'invalid_request_error', 'messages.0.content: Field required'),
  auth: refusal(401, 'authentication_error', 'invalid x-api-key'),
  billing: refusal(400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
  permission: refusal(403, 'permission_error', 'Your API key does not have permission to use the model.'),
  not_found: refusal(404, 'not_found_error', 'model: claude-unknown'),
  too_large: refusal(413, 'request_too_large', 'Request exceeds the maximum size'),
  context_length: refusal(400, 'invalid_request_error', 'prompt is too long: 250000 tokens > 200000 maximum'),
  content_filter: {
    ...refusal(400, 'invalid_request_error', 'Output blocked by content filtering policy'),
    expect: { phase: 'input' },
  },
  rate_limit: {
    ...refusal(429, 'rate_limit_error', 'This request would exceed the rate limit of your organization.'),
    headers: { 'content-type': 'application/json', 'retry-after': '20' },
    expect: { retryAfterMs: 20_000 },
  },
  server_error: refusal(500, 'api_error', 'Internal server error'),
  overloaded: refusal(529, 'overloaded_error', 'Overloaded'),
}

function refusal(status: number, type: string, message: string): Sample {
  return { status, body: { type: 'error', error: { type, message }, request_id: 'req_1' } }
}
