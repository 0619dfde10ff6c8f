import { wireError } from '@wayfare/provider-kit'
import { expect, test } from 'vitest'
import { readError } from '../src/error.ts'

const quota = (quotaId: string): object => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId }],
})
const retry = (retryDelay: string): object => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay })
const keyInfo = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }

test.each<[number, string, string, readonly object[], object]>([
  [400, 'INVALID_ARGUMENT', 'bad', [], { kind: 'bad_request', retryable: false }],
  [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [], { kind: 'auth' }],
  [400, 'INVALID_ARGUMENT', 'x', [keyInfo], { kind: 'auth' }],
  [
    400,
    'INVALID_ARGUMENT',
    'The input token count exceeds the maximum number of tokens allowed (5).',
    [],
    { kind: 'context_length' },
  ],
  [
    500,
    'INTERNAL',
    'The input token count exceeds the maximum number of tokens allowed (5).',
    [],
    { kind: 'context_length', retryable: false },
  ],
  [400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.', [], { kind: 'region_blocked' }],
  [400, 'FAILED_PRECONDITION', 'Please enable billing on project x.', [], { kind: 'billing' }],
  [401, 'UNAUTHENTICATED', 'x', [], { kind: 'auth' }],
  [402, 'RESOURCE_EXHAUSTED', 'prepay', [], { kind: 'billing', retryable: false }],
  [403, 'PERMISSION_DENIED', 'x', [], { kind: 'permission' }],
  [403, 'PERMISSION_DENIED', 'Your API key was reported as leaked.', [], { kind: 'auth' }],
  [404, 'NOT_FOUND', 'x', [], { kind: 'model_not_found' }],
  [
    429,
    'RESOURCE_EXHAUSTED',
    'x',
    [quota('RequestsPerMinute'), retry('34.4s')],
    { kind: 'rate_limit', retryable: true, retryAfterMs: 34_400 },
  ],
  [429, 'RESOURCE_EXHAUSTED', 'x', [retry('9h54m')], { kind: 'rate_limit', retryAfterMs: 35_640_000 }],
  [
    429,
    'RESOURCE_EXHAUSTED',
    'x',
    [quota('RequestsPerDayPerProject'), retry('9s')],
    { kind: 'rate_limit', retryable: false, code: 'daily_quota' },
  ],
  [429, 'RESOURCE_EXHAUSTED', 'Quota exceeded, limit: 0, model: x', [], { kind: 'permission', retryable: false }],
  [429, 'RESOURCE_EXHAUSTED', 'Quota exceeded, limit: 05', [], { kind: 'rate_limit' }],
  [500, 'INTERNAL', 'x', [], { kind: 'server', retryable: true }],
  [503, 'UNAVAILABLE', 'x', [], { kind: 'overloaded' }],
  [504, 'DEADLINE_EXCEEDED', 'x', [], { kind: 'timeout', phase: 'server' }],
])('%i %s "%s" with %j', (code, status, message, details, expected) => {
  const body = { error: { code, message, status, details } }
  const answer = { status: code, headers: new Map<string, string>(), body, now: new Date(0) }
  expect(wireError('google', 'gemini-2.5-flash', answer, readError)).toMatchObject(expected)
  // Streams without alt=sse wrap it.
  expect(wireError('google', 'gemini-2.5-flash', { ...answer, body: [body] }, readError)).toMatchObject(expected)
})

test('a delay that cannot be read is none', () => {
  const body = { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'x', details: [retry('soon')] } }
  const error = wireError('google', 'm', { status: 429, headers: new Map(), body, now: new Date(0) }, readError)
  expect(error.retryAfterMs).toBeUndefined()
})
