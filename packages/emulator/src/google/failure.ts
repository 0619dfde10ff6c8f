import type { FailureName } from '../reply.ts'
import type { FailureFacts, StreamEvent, WireFailure } from '../wire.ts'

type Row = readonly [code: number, status: string, message: string, details?: readonly object[]]

const rows: Readonly<Record<Exclude<FailureName, 'content_filter'>, Row>> = {
  rate_limit: [
    429,
    'RESOURCE_EXHAUSTED',
    'You exceeded your current quota for requests per minute.',
    [
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [
          {
            quotaMetric: 'generativelanguage.googleapis.com/generate_content_requests',
            quotaId: 'GenerateRequestsPerMinutePerProjectPerModel',
            quotaValue: '150',
          },
        ],
      },
    ],
  ],
  overloaded: [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  server: [500, 'INTERNAL', 'An internal error has occurred.'],
  auth: [
    400,
    'INVALID_ARGUMENT',
    'API key not valid. Please pass a valid API key.',
    [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' }],
  ],
  billing: [402, 'RESOURCE_EXHAUSTED', 'Your prepayment credits are depleted.'],
  permission: [403, 'PERMISSION_DENIED', 'The caller does not have permission'],
  not_found: [404, 'NOT_FOUND', 'The model is not found for API version v1beta.'],
  bad_request: [400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  context_length: [
    400,
    'INVALID_ARGUMENT',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
  ],
  too_large: [413, 'INVALID_ARGUMENT', 'Request payload size exceeds the limit: 20971520 bytes.'],
}

/** A blocked prompt is not an error here: the answer has a block reason and no candidates. */
export function failure(name: FailureName, facts: FailureFacts): WireFailure {
  if (name === 'content_filter') {
    const body = {
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 12, totalTokenCount: 12 },
      modelVersion: facts.model,
      responseId: facts.id,
    }
    return { status: 200, body, inStream: true }
  }
  // Without any key it says so in another way than with a wrong one.
  if (name === 'auth' && facts.message !== undefined) return refusal(401, 'UNAUTHENTICATED', facts.message, [])
  const [code, status, message, details = []] = rows[name]
  const retry =
    facts.retryAfter === undefined
      ? []
      : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: retryDelay(facts.retryAfter) }]
  return refusal(code, status, facts.message ?? message, [...details, ...retry])
}

export function streamError(refused: WireFailure): StreamEvent {
  return { data: refused.body }
}

/** Seconds get the vendor's unit; anything else is sent as it is. */
function retryDelay(text: string): string {
  return /^\d+(\.\d+)?$/.test(text) ? `${text}s` : text
}

function refusal(code: number, status: string, message: string, details: readonly object[]): WireFailure {
  return { status: code, body: { error: { code, message, status, ...(details.length > 0 ? { details } : {}) } } }
}
