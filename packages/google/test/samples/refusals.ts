import type { Absent, Sample } from '@wayfare/provider-kit/testing'

export const refusals: { readonly [scenario: string]: Sample | Absent } = {
  bad_request: refusal(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.'),
  // A wrong key is called an invalid argument.
  auth: refusal(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
  ]),
  billing: refusal(402, 'RESOURCE_EXHAUSTED', 'Your prepayment credits are depleted.'),
  permission: refusal(403, 'PERMISSION_DENIED', 'The caller does not have permission'),
  not_found: refusal(404, 'NOT_FOUND', 'models/unknown is not found for API version v1beta.'),
  too_large: refusal(413, 'INVALID_ARGUMENT', 'Request payload size exceeds the limit: 20971520 bytes.'),
  context_length: refusal(
    400,
    'INVALID_ARGUMENT',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
  ),
  content_filter: { absent: 'a blocked prompt is an answer with status 200' },
  rate_limit: {
    ...refusal(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', [
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [{ quotaId: 'GenerateRequestsPerMinutePerProjectPerModel' }],
      },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' },
    ]),
    expect: { retryAfterMs: 34_400 },
  },
  server_error: refusal(500, 'INTERNAL', 'An internal error has occurred.'),
  overloaded: refusal(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
}

function refusal(code: number, status: string, message: string, details?: readonly object[]): Sample {
  return { status: code, body: { error: { code, message, status, ...(details !== undefined && { details }) } } }
}
