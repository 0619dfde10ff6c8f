import type { Sample } from '@wayfare/provider-kit/testing'

export const refusals: { readonly [scenario: string]: Sample } = {
  bad_request: refusal(400, 'invalid_request', 'Invalid request'),
  auth: refusal(401, 'authentication', 'No auth credentials found'),
  billing: refusal(402, 'payment_required', 'Insufficient credits. Add more to continue.'),
  permission: refusal(403, 'permission_denied', 'This key may not use this model'),
  not_found: refusal(404, 'not_found', 'No endpoints found for this model'),
  too_large: refusal(413, 'payload_too_large', 'Request body is too large'),
  context_length: refusal(400, 'context_length_exceeded', "This endpoint's maximum context length is 128000 tokens."),
  content_filter: {
    ...refusal(403, 'content_policy_violation', 'Your input was flagged', {
      reasons: ['violence'],
      flagged_input: 'the flagged part',
    }),
    expect: { phase: 'input' },
  },
  rate_limit: {
    ...refusal(429, 'rate_limit_exceeded', 'Rate limit exceeded', { raw: 'too many requests', provider_name: 'Acme' }),
    headers: { 'content-type': 'application/json', 'retry-after': '20' },
    expect: { retryAfterMs: 20_000 },
  },
  server_error: refusal(502, 'provider_unavailable', 'Provider returned error'),
  overloaded: refusal(503, 'provider_overloaded', 'The provider is overloaded'),
}

function refusal(code: number, error_type: string, message: string, metadata: object = {}): Sample {
  return { status: code, body: { error: { code, message, metadata: { ...metadata, error_type } } } }
}
