import { expect, test } from 'vitest'
import { together } from '../../src/profiles/together.ts'
import { chunk, textOf } from '../call.ts'
import { billed, streamed, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => together({ baseURL: `${url}/v1`, apiKey: 'k' }))
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }

test('a request says nothing that was not asked', async () => {
  const more = { maxOutputTokens: 9, seed: 7, options: { top_k: 5 } }
  expect(await vendor.asks(more)).toEqual({ body: { max_tokens: 9, seed: 7, top_k: 5 }, warnings: [] })
})

test('usage is empty on every chunk but the last, and eos is a stop', async () => {
  const none = { usage: null }
  const all = await vendor.reads(
    streamed([chunk({ content: 'Ye' }, null, none), chunk({ content: 's.' }, null, none), chunk({}, 'eos', { usage })]),
  )
  expect(textOf(all)).toBe('Yes.')
  expect(all.filter(({ type }) => type === 'usage')).toHaveLength(1)
  expect(billed(all)).toMatchObject({ usage: { input: 10, output: 5, total: 15 } })
  expect(all.at(-1)).toMatchObject({ type: 'finish', reason: 'stop', rawReason: 'eos' })
})

test('one body, with the prompt beside the answer', async () => {
  const all = await vendor.reads(whole({ content: 'Yes.', tool_calls: [] }, { usage, prompt: [] }), { stream: false })
  expect(textOf(all)).toBe('Yes.')
  expect(billed(all)).toMatchObject({ usage: { input: 10, output: 5 } })
})

test.each<[number, object, object]>([
  [402, { message: 'Credit limit exceeded', type: 'credit_limit', code: null }, { kind: 'billing' }],
  [
    422,
    { message: '`inputs` tokens + `max_new_tokens` must be <= 4097.', type: 'invalid_request_error' },
    { kind: 'context_length' },
  ],
  [429, { message: 'Rate limited', type: 'model_rate_limit', code: null }, { kind: 'rate_limit' }],
  [503, { message: 'Too busy', type: 'service_unavailable', code: null }, { kind: 'overloaded' }],
])('%i %j is %j', async (status, error, expected) => {
  expect(await vendor.fails(status, { id: 'x', error })).toMatchObject({ provider: 'together', ...expected })
})

test('the list of models is a bare one; only what chats is told, and a price of nothing is none', async () => {
  vendor.tells([
    {
      id: 'a',
      type: 'chat',
      display_name: 'A',
      context_length: 131_072,
      pricing: { hourly: 0, input: 0.88, output: 0.88, cached_input: 0.44, base: 0 },
    },
    { id: 'b', type: 'chat', context_length: 8192, pricing: { input: 0, output: 0 } },
    { id: 'c', type: 'embedding', pricing: { input: 0.01, output: 0 } },
  ])
  expect(await vendor.provider.models?.()).toEqual([
    {
      id: 'a',
      provider: 'together',
      name: 'A',
      contextTokens: 131_072,
      inputPerMTok: 0.88,
      outputPerMTok: 0.88,
      cacheReadPerMTok: 0.44,
    },
    { id: 'b', provider: 'together', contextTokens: 8192 },
  ])
})
