import { expect, test } from 'vitest'
import { retryAfter, statusVerdict, wireError, errorMessage, type ErrorAnswer } from '../src/index.ts'

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): ErrorAnswer => ({
  status,
  body,
  headers: new Map(Object.entries(headers)),
  now: new Date('2026-11-01T00:00:00Z'),
})
const error = (fields: object): unknown => ({ error: fields })

test.each<[number, unknown, object]>([
  [400, error({ message: 'bad' }), { kind: 'bad_request' }],
  [400, error({ code: 'context_length_exceeded' }), { kind: 'context_length' }],
  [400, error({ message: 'prompt is too long: 250000 tokens > 200000 maximum' }), { kind: 'context_length' }],
  [400, error({ message: "This model's maximum context length is 8192 tokens" }), { kind: 'context_length' }],
  [400, error({ message: 'the request exceeds the available context size', type: 'x' }), { kind: 'context_length' }],
  [400, error({ message: 'Current length is 9000 while limit is 8192' }), { kind: 'context_length' }],
  [400, error({ code: 'string_above_max_length', message: 'string too long' }), { kind: 'bad_request' }],
  [400, error({ code: 'content_policy_violation' }), { kind: 'content_filter', phase: 'input' }],
  [400, error({ code: 'x', innererror: { code: 'ResponsibleAIPolicyViolation' } }), { kind: 'content_filter' }],
  [400, error({ message: 'Your credit balance is too low to access' }), { kind: 'billing' }],
  [400, error({ message: 'You have reached your specified API usage limits' }), { kind: 'billing' }],
  [401, error({ message: 'no' }), { kind: 'auth' }],
  [402, error({ message: 'Insufficient Balance' }), { kind: 'billing' }],
  [403, error({ message: 'no' }), { kind: 'permission' }],
  [403, error({ message: 'Country, region, or territory not supported' }), { kind: 'region_blocked' }],
  [404, error({ message: 'no such model' }), { kind: 'model_not_found' }],
  [404, '<html>nothing</html>', { kind: 'config' }],
  [404, undefined, { kind: 'config' }],
  [405, undefined, { kind: 'config' }],
  [408, undefined, { kind: 'timeout', phase: 'server' }],
  [409, undefined, { kind: 'conflict' }],
  [413, '<html>', { kind: 'request_too_large' }],
  [415, undefined, { kind: 'config' }],
  [418, undefined, { kind: 'bad_request' }],
  [422, { detail: [{ msg: 'field required' }] }, { kind: 'bad_request' }],
  [429, error({ code: 'rate_limit_exceeded' }), { kind: 'rate_limit', code: 'rate_limit_exceeded' }],
  [429, error({ code: 'insufficient_quota', type: 'insufficient_quota' }), { kind: 'billing' }],
  [429, error({ type: 'insufficient_quota', code: 'credit_balance_exhausted' }), { kind: 'billing' }],
  [429, error({ code: 'organization_spend_limit_exceeded' }), { kind: 'billing' }],
  [429, error({ code: 'project_spend_limit_exceeded' }), { kind: 'billing' }],
  [429, error({ code: 'organization_usage_limit_exceeded' }), { kind: 'billing' }],
  [429, error({ type: 'x', details: { error_code: 'enforced_spend_limit_reached' } }), { kind: 'billing' }],
  [429, error({ code: 'slow_down' }), { kind: 'rate_limit' }],
  [429, error({ message: 'Request too large for m: tokens per min' }), { kind: 'rate_limit', retryable: false }],
  [451, undefined, { kind: 'region_blocked' }],
  [500, error({ message: 'prompt is too long' }), { kind: 'server' }],
  [501, undefined, { kind: 'server', retryable: false }],
  [502, '<html>cloud</html>', { kind: 'server' }],
  [503, error({ code: 'slow_down' }), { kind: 'overloaded' }],
  [503, undefined, { kind: 'overloaded' }],
  [505, undefined, { kind: 'server', retryable: false }],
  [522, '<html>', { kind: 'server' }],
  [529, error({ type: 'overloaded_error' }), { kind: 'overloaded' }],
  [599, undefined, { kind: 'server' }],
  [200, error({ code: 502, message: 'x' }), { kind: 'server', billed: 'unknown' }],
  [200, error({ code: '429', message: 'x' }), { kind: 'rate_limit' }],
  [200, error({ type: 'overloaded_error' }), { kind: 'overloaded' }],
  [200, { object: 'error', type: 'invalid_request_error', code: null }, { kind: 'bad_request' }],
  [200, { error: 'text' }, { kind: 'server' }],
])('%i with %j', (status, body, expected) => {
  expect(statusVerdict(answer(status, body))).toMatchObject(expected)
})

test.each<[unknown, string | undefined]>([
  [{ error: { message: 'a' } }, 'a'],
  [{ error: 'b' }, 'b'],
  [{ message: 'c' }, 'c'],
  [{ detail: 'd' }, 'd'],
  [{ detail: [{ msg: 'e' }] }, 'e'],
  [{ errors: [{ message: 'f' }] }, 'f'],
  [{ error: null, message: 'g' }, 'g'],
  [{ error: ['x'] }, undefined],
  [null, undefined],
  ['<html>', undefined],
  [' {"error": {"message": "cut off', undefined],
  ['404 page not found\n', '404 page not found'],
])('the words of %j', (body, expected) => {
  expect(errorMessage(body)).toBe(expected)
})

const now = new Date('2026-11-01T00:00:00Z')
test.each<[Record<string, string>, number | undefined]>([
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': '1.5' }, 1500],
  [{ 'retry-after': '99999999' }, 99_999_999_000],
  [{ 'retry-after-ms': '250', 'retry-after': '60' }, 250],
  [{ 'retry-after-ms': 'soon', 'retry-after': '60' }, 60_000],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{ 'retry-after': '5, 10' }, undefined],
  [{ 'retry-after': 'Sun, 01 Nov 2026 00:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Sun, 01 Nov 2026 01:00:30 GMT', date: 'Sun, 01 Nov 2026 01:00:00 GMT' }, 30_000],
  [{ 'retry-after': 'Sat, 31 Oct 2026 00:00:00 GMT' }, undefined],
  [{}, undefined],
])('the wait that %j asks for', (headers, expected) => {
  expect(retryAfter(new Map(Object.entries(headers)), now)).toBe(expected)
})

test('x-should-retry wins over what the status says', () => {
  expect(wireError('acme', 'm', answer(500, undefined, { 'x-should-retry': 'false' })).retryable).toBe(false)
  expect(wireError('acme', 'm', answer(400, undefined, { 'x-should-retry': 'true' })).retryable).toBe(true)
})

test('a whole body that is an error is a refusal; inside a stream nobody knows what was spent', () => {
  const body = error({ code: 502 })
  const billed = (type: string): unknown => wireError('acme', 'm', answer(200, body, { 'content-type': type })).billed
  expect(billed('application/json; charset=utf-8')).toBe('no')
  expect(billed('text/event-stream')).toBe('unknown')
})

test('retry-after counts on error answers only', () => {
  const inside = wireError('acme', 'm', answer(200, error({ code: 429 }), { 'retry-after': '2' }))
  expect(inside.retryAfterMs).toBeUndefined()
  expect(inside.status).toBeUndefined()
})

test('a wire that knows better is merged over the verdict', () => {
  const made = wireError('acme', 'm', answer(402, error({ message: 'wait' })), () => ({
    kind: 'rate_limit',
    code: 'busy',
  }))
  expect(made).toMatchObject({
    kind: 'rate_limit',
    code: 'busy',
    status: 402,
    retryable: true,
    provider: 'acme',
    model: 'm',
  })
})

test('of an answer that is not JSON the details show the first 200 characters', () => {
  for (const body of ['<html>' + 'x'.repeat(5000), 'no '.repeat(500)]) {
    const made = wireError('acme', 'm', answer(502, body))
    expect(made.details.providerMessage).toHaveLength(200)
    expect(made.message).not.toMatch(/html|no no/)
  }
})

test("the vendor's words are kept apart from the message, cut to 2 KB", () => {
  const made = wireError('acme', 'm', answer(400, error({ message: 'x'.repeat(5000) })))
  expect(made.message).not.toContain('xxx')
  expect(made.details.providerMessage).toHaveLength(2048)
})
