import { expect, test } from 'vitest'
import { groq } from '../../src/profiles/groq.ts'
import { chunk, textOf } from '../call.ts'
import { billed, partsOf, streamed, usageChunk, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => groq({ baseURL: `${url}/openai/v1`, apiKey: 'k' }))
const usage = {
  queue_time: 0.02,
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  total_time: 0.1,
  prompt_tokens_details: { cached_tokens: 60 },
  completion_tokens_details: { reasoning_tokens: 8 },
}
const normal = { input: 40, cacheRead: 60, cacheWrite: 0, output: 20, reasoning: 8, total: 120 }

test.each<[string, object, object, string[]]>([
  ['llama-3.3-70b-versatile', {}, {}, []],
  ['llama-3.3-70b-versatile', { reasoning: 'low' }, {}, ['reasoning_rounded']],
  ['openai/gpt-oss-120b', { reasoning: 'high' }, { reasoning_effort: 'high' }, []],
  ['openai/gpt-oss-120b', { reasoning: 'none' }, { reasoning_effort: 'low' }, ['reasoning_rounded']],
  ['qwen/qwen3-32b', {}, { reasoning_format: 'parsed' }, []],
  ['qwen/qwen3-32b', { reasoning: 'none' }, { reasoning_format: 'parsed', reasoning_effort: 'none' }, []],
  [
    'qwen/qwen3-32b',
    { reasoning: 'high', maxOutputTokens: 5 },
    { reasoning_format: 'parsed', reasoning_effort: 'default', max_tokens: 5 },
    ['reasoning_rounded'],
  ],
  ['qwen/qwen3-32b', { options: { reasoning_format: 'hidden' } }, { reasoning_format: 'hidden' }, []],
])('%s is asked with %j by %j', async (model, more, expected, warnings) => {
  expect(await vendor.asks({ model, ...more })).toEqual({
    body: { stream_options: { include_usage: true }, ...expected },
    warnings,
  })
})

test.each<[string, object[]]>([
  ['in its extension', [chunk({}, 'stop', { x_groq: { id: 'req_1', usage } })]],
  ['in both places', [chunk({}, 'stop', { x_groq: { id: 'req_1', usage } }), usageChunk(usage)]],
  ['in the usual place', [chunk({}, 'stop', { x_groq: { id: 'req_1' } }), usageChunk(usage)]],
])('usage %s', async (_, last) => {
  const all = await vendor.reads(
    streamed([
      chunk({ role: 'assistant', content: '' }, null, { x_groq: { id: 'req_1' } }),
      chunk({ reasoning: 'Hmm.' }),
      chunk({ content: 'Yes.' }),
      ...last,
    ]),
  )
  expect(textOf(all)).toBe('Yes.')
  expect(partsOf(all)).toMatchObject([
    { type: 'reasoning', text: 'Hmm.', providerMetadata: { groq: { field: 'reasoning' } } },
  ])
  expect(billed(all)).toMatchObject({ usage: normal })
})

test('one body', async () => {
  const all = await vendor.reads(whole({ content: 'Yes.', reasoning: 'Hmm.' }, { usage, x_groq: { id: 'req_1' } }), {
    stream: false,
  })
  expect(textOf(all)).toBe('Yes.')
  expect(billed(all)).toMatchObject({ usage: normal })
  expect(all.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
})

const failed = (code: string): object => ({ error: { message: 'secret', type: 'invalid_request_error', code } })
test.each<[number, object, Record<string, string>, object]>([
  [498, failed('flex_capacity_exceeded'), {}, { kind: 'overloaded', retryable: true }],
  [400, failed('tool_use_failed'), {}, { kind: 'server', retryable: true }],
  [400, failed('json_validate_failed'), {}, { kind: 'server', retryable: true }],
  [400, failed('other'), {}, { kind: 'bad_request', retryable: false }],
  [413, failed('request_too_large'), {}, { kind: 'request_too_large' }],
  [429, failed('rate_limit_exceeded'), { 'retry-after': '2' }, { kind: 'rate_limit', retryAfterMs: 2000 }],
  [
    429,
    failed('rate_limit_exceeded'),
    { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '2m59.56s' },
    { kind: 'rate_limit', retryAfterMs: 179_560 },
  ],
])('%i %j is a failure with its meaning', async (status, body, headers, expected) => {
  const error = await vendor.fails(status, body, headers)
  expect(error).toMatchObject({ provider: 'groq', ...expected })
  expect(error.message).not.toContain('secret')
})

test('a tool call that its server could not read, in the middle of a stream, may be tried again', async () => {
  const error = { error: { message: 'secret', code: 'tool_use_failed', failed_generation: '<f>', status_code: 400 } }
  await expect(vendor.reads(streamed([chunk({ content: 'x' }), error]))).rejects.toMatchObject({
    kind: 'server',
    retryable: true,
  })
})

test('models have their context, and those that are gone are left out', async () => {
  vendor.tells({
    object: 'list',
    data: [
      { id: 'a', active: true, context_window: 131_072, max_completion_tokens: 65_536 },
      { id: 'b', active: false, context_window: 8192 },
    ],
  })
  expect(await vendor.provider.models?.()).toEqual([
    { id: 'a', provider: 'groq', contextTokens: 131_072, maxOutputTokens: 65_536 },
  ])
  expect(vendor.sent.at(-1)).toMatchObject({ method: 'GET', path: '/openai/v1/models' })
})
