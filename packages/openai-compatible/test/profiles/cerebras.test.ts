import { expect, test } from 'vitest'
import { cerebras } from '../../src/profiles/cerebras.ts'
import { chunk, textOf } from '../call.ts'
import { billed, partsOf, streamed, usageChunk, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => cerebras({ baseURL: `${url}/v1`, apiKey: 'k' }))
const asked = { stream_options: { include_usage: true } }
const usage = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 0 },
}

test.each<[string, object, object, string[]]>([
  ['gpt-oss-120b', { maxOutputTokens: 9 }, { ...asked, max_completion_tokens: 9 }, []],
  ['gpt-oss-120b', { reasoning: 'high' }, { ...asked, reasoning_effort: 'high' }, []],
  ['llama3.1-8b', { reasoning: 'high' }, asked, ['reasoning_rounded']],
])('%s is asked with %j by %j', async (model, more, body, warnings) => {
  expect(await vendor.asks({ model, ...more })).toEqual({ body, warnings })
})

test('a stream, with the times of the server beside the usage', async () => {
  const times = { time_info: { queue_time: 0.01, total_time: 0.2 } }
  const all = await vendor.reads(
    streamed([chunk({ reasoning: 'Hmm.' }), chunk({ content: 'Yes.' }), chunk({}, 'stop'), usageChunk(usage, times)]),
  )
  expect(textOf(all)).toBe('Yes.')
  expect(partsOf(all)).toMatchObject([{ type: 'reasoning', providerMetadata: { cerebras: { field: 'reasoning' } } }])
  expect(billed(all)).toMatchObject({ usage: { input: 100, output: 20, total: 120 } })
})

test('one body', async () => {
  const all = await vendor.reads(whole({ content: 'Yes.' }, { usage, time_info: {} }), { stream: false })
  expect(textOf(all)).toBe('Yes.')
  expect(billed(all)).toMatchObject({ usage: { input: 100, output: 20 } })
})

const flat = (message: string, type: string, code: string): object => ({ message, type, param: 'x', code })
test.each<[number, object, Record<string, string>, object]>([
  [429, flat('Busy', 'too_many_requests_error', 'queue_exceeded'), {}, { kind: 'overloaded', retryable: true }],
  [
    429,
    flat('Tokens per minute limit exceeded', 'too_many_tokens_error', 'token_quota_exceeded'),
    { 'x-ratelimit-remaining-tokens-minute': '0', 'x-ratelimit-reset-tokens-minute': '11.382867' },
    { kind: 'rate_limit', retryAfterMs: 11_383 },
  ],
  [
    429,
    flat('Requests per day limit exceeded', 'too_many_requests_error', 'request_quota_exceeded'),
    {
      'x-ratelimit-remaining-tokens-minute': '0',
      'x-ratelimit-reset-tokens-minute': '11',
      'x-ratelimit-remaining-requests-day': '0',
      'x-ratelimit-reset-requests-day': '33011.38',
    },
    { kind: 'rate_limit', retryAfterMs: 33_011_380 },
  ],
  [
    400,
    flat('Please reduce the length.', 'invalid_request_error', 'context_length_exceeded'),
    {},
    { kind: 'context_length' },
  ],
  [422, flat('Current length is 9000 while limit is 8192', 'x', 'y'), {}, { kind: 'context_length' }],
  [401, flat('Wrong API Key', 'invalid_request_error', 'wrong_api_key'), {}, { kind: 'auth' }],
  [402, flat('Payment required', 'x', 'y'), {}, { kind: 'billing' }],
])('%i %j with %j', async (status, body, headers, expected) => {
  expect(await vendor.fails(status, body, headers)).toMatchObject({ provider: 'cerebras', ...expected })
})
