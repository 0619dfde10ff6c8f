import type { ProviderMessage } from '@wayfare/core'
import { expect, test } from 'vitest'
import { deepseek } from '../../src/profiles/deepseek.ts'
import { chunk, sse, textOf } from '../call.ts'
import { billed, partsOf, streamed, usageChunk, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => deepseek({ baseURL: url, apiKey: 'k' }))
const asked = { stream_options: { include_usage: true } }
const usage = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_cache_hit_tokens: 64,
  prompt_cache_miss_tokens: 36,
  completion_tokens_details: { reasoning_tokens: 12 },
}
const normal = { input: 36, cacheRead: 64, cacheWrite: 0, output: 20, reasoning: 12, total: 120 }
const thinking = { type: 'enabled' }

test.each<[object, object, string[]]>([
  [{}, asked, []],
  [{ reasoning: 'none', temperature: 0 }, { ...asked, thinking: { type: 'disabled' }, temperature: 0 }, []],
  [{ reasoning: 'max' }, { ...asked, thinking, reasoning_effort: 'max' }, []],
  [{ reasoning: 'medium' }, { ...asked, thinking, reasoning_effort: 'low' }, ['reasoning_rounded']],
  [{ temperature: 0, topP: 0.5 }, asked, ['sampling_dropped', 'sampling_dropped']],
  [
    { temperature: 0, options: { thinking: { type: 'disabled' } } },
    { ...asked, temperature: 0, thinking: { type: 'disabled' } },
    [],
  ],
])('%j is asked by %j', async (more, body, warnings) => {
  expect(await vendor.asks({ model: 'deepseek-v4-flash', ...more })).toEqual({ body, warnings })
})

const history: ProviderMessage[] = [
  { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
  {
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'Hmm.', providerMetadata: { deepseek: { field: 'reasoning_content' } } },
      { type: 'tool_call', id: 'a', name: 'one', input: {}, rawInput: '{}' },
    ],
  },
  { role: 'tool', content: [{ type: 'tool_result', id: 'a', name: 'one', output: '1' }] },
  {
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'Foreign.', providerMetadata: { other: {} } },
      { type: 'text', text: 'One.' },
    ],
  },
  { role: 'user', content: [{ type: 'text', text: 'And?' }] },
]

test('thoughts go back on every turn, and are empty where another vendor had them', async () => {
  const { body, warnings } = await vendor.asks({ messages: history })
  expect(body['messages']).toMatchObject([
    { role: 'user' },
    { role: 'assistant', reasoning_content: 'Hmm.', tool_calls: [{ id: 'a' }] },
    { role: 'tool' },
    { role: 'assistant', reasoning_content: '', content: 'One.' },
    { role: 'user' },
  ])
  expect(warnings).toEqual(['reasoning_dropped'])
})

test('a schema goes into the prompt, for the server knows JSON only', async () => {
  const { messages } = { messages: history.slice(0, 1) }
  const output = { name: 'answer', schema: { type: 'object', required: ['x'] } }
  const { body, warnings } = await vendor.asks({ messages, output })
  expect(body).toMatchObject({
    response_format: { type: 'json_object' },
    messages: [{ role: 'system', content: expect.stringMatching(/JSON Schema: \{"type":"object"/) }, { role: 'user' }],
  })
  expect(warnings).toEqual(['output_loosened'])
})

test('a stream with comments that keep it alive', async () => {
  const chunks = [
    chunk({ reasoning_content: 'Hmm.' }),
    chunk({ content: 'Yes.' }),
    chunk({}, 'stop'),
    usageChunk(usage),
  ]
  const body = sse(chunks).replaceAll('\n\n', '\n\n: keep-alive\n\n')
  const all = await vendor.reads({ type: 'text/event-stream', body })
  expect(textOf(all)).toBe('Yes.')
  expect(partsOf(all)).toMatchObject([
    { type: 'reasoning', text: 'Hmm.', providerMetadata: { deepseek: { field: 'reasoning_content' } } },
  ])
  expect(billed(all)).toMatchObject({ usage: normal })
})

test('one body behind the blank lines that kept it alive', async () => {
  const answer = whole({ content: 'Yes.', reasoning_content: 'Hmm.' }, { usage })
  const all = await vendor.reads({ ...answer, body: `\n\n\n${answer.body}` }, { stream: false })
  expect(textOf(all)).toBe('Yes.')
  expect(billed(all)).toMatchObject({ usage: normal })
})

test('no resources in the middle of a stream is an overload', async () => {
  const cut = streamed([chunk({ content: 'x' }), chunk({}, 'insufficient_system_resource')])
  await expect(vendor.reads(cut)).rejects.toMatchObject({ kind: 'overloaded' })
})

test.each<[number, string, object]>([
  [402, 'Insufficient Balance', { kind: 'billing', retryable: false }],
  [401, 'Authentication Fails (no such user)', { kind: 'auth' }],
  [422, 'Invalid parameter', { kind: 'bad_request' }],
  [400, "This model's maximum context length is 65536 tokens.", { kind: 'context_length' }],
  [503, 'Service is too busy', { kind: 'overloaded' }],
])('%i with "%s"', async (status, message, expected) => {
  const body = { error: { message, type: 'unknown_error', param: null, code: 'invalid_request_error' } }
  expect(await vendor.fails(status, body)).toMatchObject({ provider: 'deepseek', ...expected })
})

test('the balance is that in USD', async () => {
  vendor.tells({
    is_available: true,
    balance_infos: [
      { currency: 'CNY', total_balance: '110.00', granted_balance: '10.00', topped_up_balance: '100.00' },
      { currency: 'USD', total_balance: '4.25', granted_balance: '0.00', topped_up_balance: '4.25' },
    ],
  })
  expect(await vendor.provider.balance?.()).toBe(4.25)
  expect(vendor.sent.at(-1)?.path).toBe('/user/balance')
})

test.each<[object, string]>([
  [{ balance_infos: [{ currency: 'CNY', total_balance: '110.00' }] }, 'unsupported'],
  [{ balance_infos: [{ currency: 'USD', total_balance: 'much' }] }, 'protocol'],
  [{ balance_infos: [] }, 'protocol'],
])('a balance of %j is not told', async (body, kind) => {
  vendor.tells(body)
  await expect(vendor.provider.balance?.()).rejects.toMatchObject({ kind, provider: 'deepseek' })
})
