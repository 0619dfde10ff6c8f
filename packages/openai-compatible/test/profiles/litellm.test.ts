import { expect, test } from 'vitest'
import { litellm } from '../../src/profiles/litellm.ts'
import { chunk, textOf } from '../call.ts'
import { billed, streamed, usageChunk, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => litellm({ baseURL: `${url}/v1`, apiKey: 'sk-k' }))
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
const cost = (told: string): Record<string, string> => ({ 'x-litellm-response-cost': told })

test('a request', async () => {
  expect(await vendor.asks({ options: { metadata: { team: 'a' } } })).toEqual({
    body: { stream_options: { include_usage: true }, metadata: { team: 'a' } },
    warnings: [],
  })
})

test.each<[string, number | undefined]>([
  ['0.00325', 0.00325],
  ['3.45e-05', 0.0000345],
  ['0', 0],
  ['None', undefined],
  ['', undefined],
  ['dear', NaN],
])('a cost of "%s" in the headers of one body is %s', async (told, reportedUsd) => {
  const headers = { ...cost(told), 'x-litellm-call-id': 'call-7' }
  const all = await vendor.reads(whole({ content: 'Yes.' }, { usage }, headers), { stream: false })
  expect(textOf(all)).toBe('Yes.')
  expect(all[0]).toMatchObject({ type: 'start', requestId: 'call-7' })
  expect(billed(all)).toEqual({
    type: 'usage',
    usage: expect.objectContaining({ input: 10, output: 5 }),
    ...(reportedUsd !== undefined && { reportedUsd }),
  })
})

test('a stream has no cost in its headers, and may have one in its usage', async () => {
  const chunks = (more: object): object[] => [
    chunk({ content: 'x' }),
    chunk({}, 'stop'),
    usageChunk({ ...usage, ...more }),
  ]
  const without = await vendor.reads(streamed(chunks({}), cost('0.0')))
  expect(billed(without)).not.toHaveProperty('reportedUsd')
  const told = await vendor.reads(streamed(chunks({ cost: 0.002 }), cost('0.0')))
  expect(billed(told)).toMatchObject({ reportedUsd: 0.002 })
})

const failed = (message: string, type: string | null, code: string): object => ({
  error: { message, type, param: null, code },
})
test.each<[number, object, string]>([
  [400, failed('Budget has been exceeded! Current cost: 2, Max budget: 1', 'budget_exceeded', '400'), 'billing'],
  [400, failed('litellm.ContextWindowExceededError: too long', null, '400'), 'context_length'],
  [400, failed('litellm.ContentPolicyViolationError: no', null, '400'), 'content_filter'],
  [401, failed('Authentication Error, Invalid proxy server token passed', 'auth_error', '401'), 'auth'],
  [429, failed('litellm.RateLimitError: slow', 'throttling_error', '429'), 'rate_limit'],
  [500, failed('litellm.APIConnectionError: gone', null, '500'), 'server'],
])('%i %j is %s', async (status, body, kind) => {
  const error = await vendor.fails(status, body, { 'x-litellm-call-id': 'call-7' })
  expect(error).toMatchObject({ provider: 'litellm', kind, requestId: 'call-7' })
})

test('models have their prices; what is deployed twice is one model', async () => {
  const info = {
    mode: 'chat',
    max_input_tokens: 128_000,
    max_output_tokens: 16_384,
    input_cost_per_token: 1.5e-7,
    output_cost_per_token: 6e-7,
    cache_read_input_token_cost: 7.5e-8,
    cache_creation_input_token_cost: 2e-7,
    supports_function_calling: true,
  }
  vendor.tells({
    data: [
      { model_name: 'mini', model_info: info },
      { model_name: 'mini', model_info: { ...info, max_input_tokens: 1 } },
      { model_name: 'embed', model_info: { mode: 'embedding' } },
      { model_name: 'bare', model_info: { input_cost_per_token: null } },
    ],
  })
  expect(await vendor.provider.models?.()).toEqual([
    {
      id: 'mini',
      provider: 'litellm',
      contextTokens: 128_000,
      maxOutputTokens: 16_384,
      inputPerMTok: 0.15,
      outputPerMTok: 0.6,
      cacheReadPerMTok: 0.075,
      cacheWritePerMTok: 0.2,
      supportsTools: true,
    },
    { id: 'bare', provider: 'litellm' },
  ])
  expect(vendor.sent.at(-1)?.path).toBe('/v1/model/info')
})

test.each<[object, number]>([
  [{ max_budget: 10, spend: 2.5 }, 7.5],
  [{ max_budget: null, spend: 2.5 }, Infinity],
])('with %j of its key the balance is %d', async (info, left) => {
  vendor.tells({ key: 'hash', info })
  expect(await vendor.provider.balance?.()).toBe(left)
  expect(vendor.sent.at(-1)?.path).toBe('/key/info')
})

test('a mark of the cache goes along, and an answer of nothing may be on the bill', async () => {
  const text = { type: 'text', text: 'Long.', cache: true } as const
  const { body } = await vendor.asks({ messages: [{ role: 'user', content: [text] }] })
  expect(body['messages']).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Long.', cache_control: { type: 'ephemeral' } }] },
  ])
  await expect(vendor.reads({ type: 'text/event-stream', body: '' })).rejects.toMatchObject({
    kind: 'protocol',
    billed: 'unknown',
  })
})

test('health asks for the models of the key', async () => {
  vendor.tells({ data: [] })
  await vendor.provider.health?.()
  expect(vendor.sent.at(-1)?.path).toBe('/v1/models')
})
