import type { Sample } from '@wayfare/provider-kit/testing'

/** Refusals in the words of the vendor whose dialect it is. */
export const refusals: { readonly [scenario: string]: Sample } = {
  bad_request: refusal(400, 'invalid_request_error', null, "Unknown parameter: 'foo'."),
  auth: refusal(401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'),
  billing: refusal(429, 'insufficient_quota', 'insufficient_quota', 'You exceeded your current quota.'),
  permission: refusal(403, 'invalid_request_error', null, 'Your project has no access to this model.'),
  not_found: refusal(404, 'invalid_request_error', 'model_not_found', 'The model does not exist.'),
  too_large: refusal(413, 'invalid_request_error', null, 'The request is too large.'),
  context_length: refusal(
    400,
    'invalid_request_error',
    'context_length_exceeded',
    "This model's maximum context length is 128000 tokens.",
  ),
  content_filter: {
    ...refusal(400, 'invalid_request_error', 'content_policy_violation', 'The prompt was rejected.'),
    expect: { phase: 'input' },
  },
  rate_limit: {
    ...refusal(429, 'requests', 'rate_limit_exceeded', 'Rate limit reached.'),
    headers: { 'content-type': 'application/json', 'retry-after': '20' },
    expect: { retryAfterMs: 20_000 },
  },
  server_error: refusal(500, 'server_error', null, 'The server had an error.'),
  overloaded: refusal(503, 'service_unavailable_error', 'server_is_overloaded', 'We are overloaded.'),
}

function refusal(status: number, type: string, code: string | null, message: string): Sample {
  return { status, body: { error: { message, type, param: null, code } } }
}
