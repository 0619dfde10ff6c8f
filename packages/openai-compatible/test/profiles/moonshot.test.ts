import type { ProviderMessage } from '@wayfare/core'
import { expect, test } from 'vitest'
import { moonshot } from '../../src/profiles/moonshot.ts'
import { chunk, textOf } from '../call.ts'
import { billed, partsOf, streamed, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => moonshot({ baseURL: `${url}/v1`, apiKey: 'k' }))
const asked = { stream_options: { include_usage: true } }
const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, cached_tokens: 60 }

test.each<[string, object, object, string[]]>([
  ['kimi-k3', { maxOutputTokens: 9 }, { ...asked, max_completion_tokens: 9 }, []],
  ['kimi-k3', { reasoning: 'high' }, { ...asked, reasoning_effort: 'high' }, []],
  ['kimi-k3', { reasoning: 'none' }, { ...asked, reasoning_effort: 'low' }, ['reasoning_rounded']],
  ['kimi-k2.6', { reasoning: 'none' }, { ...asked, thinking: { type: 'disabled' } }, []],
  ['kimi-k2.6', { reasoning: 'high' }, { ...asked, thinking: { type: 'enabled' } }, ['reasoning_rounded']],
  ['kimi-k2.7-code', { reasoning: 'none' }, asked, ['reasoning_rounded']],
  ['moonshot-v1-8k', { reasoning: 'high', temperature: 0.3 }, { ...asked, temperature: 0.3 }, ['reasoning_rounded']],
  ['kimi-k3', { temperature: 0.3, topP: 0.5 }, asked, ['sampling_dropped', 'sampling_dropped']],
])('%s is asked with %j by %j', async (model, more, body, warnings) => {
  expect(await vendor.asks({ model, ...more })).toEqual({ body, warnings })
})

test('its own ids of tool calls and its thoughts go back, and a last turn is the beginning of the answer', async () => {
  const messages: ProviderMessage[] = [
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hmm.', providerMetadata: { moonshot: { field: 'reasoning_content' } } },
        { type: 'tool_call', id: 'functions.one:0', name: 'one', input: {}, rawInput: '{}' },
      ],
    },
    { role: 'tool', content: [{ type: 'tool_result', id: 'functions.one:0', name: 'one', output: '1' }] },
    { role: 'assistant', content: [{ type: 'text', text: 'It is' }] },
  ]
  const { body } = await vendor.asks({ messages, model: 'kimi-k3' })
  expect(body['messages']).toMatchObject([
    { role: 'user' },
    { role: 'assistant', reasoning_content: 'Hmm.', tool_calls: [{ id: 'functions.one:0' }] },
    { role: 'tool', tool_call_id: 'functions.one:0' },
    { role: 'assistant', content: 'It is', partial: true },
  ])
})

test('a last turn of the user is no beginning of an answer', async () => {
  const { body } = await vendor.asks({ messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] })
  expect(body['messages']).toEqual([{ role: 'user', content: 'Hi' }])
})

test('usage inside the last choice of a stream', async () => {
  const last = { ...chunk({}, 'stop'), choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage }] }
  const all = await vendor.reads(streamed([chunk({ reasoning_content: 'Hmm.' }), chunk({ content: 'Yes.' }), last]))
  expect(textOf(all)).toBe('Yes.')
  expect(partsOf(all)).toMatchObject([{ type: 'reasoning', text: 'Hmm.' }])
  expect(billed(all)).toMatchObject({ usage: { input: 40, cacheRead: 60, output: 20, total: 120 } })
})

test('one body', async () => {
  const all = await vendor.reads(whole({ content: 'Yes.', reasoning_content: 'Hmm.' }, { usage }), { stream: false })
  expect(textOf(all)).toBe('Yes.')
  expect(billed(all)).toMatchObject({ usage: { input: 40, cacheRead: 60, output: 20 } })
})

const failed = (type: string, message = 'secret'): object => ({ error: { type, message } })
test.each<[number, object, object]>([
  [429, failed('exceeded_current_quota_error'), { kind: 'billing', retryable: false }],
  [429, failed('engine_overloaded_error'), { kind: 'overloaded', retryable: true }],
  [429, failed('rate_limit_reached_error'), { kind: 'rate_limit' }],
  [401, failed('invalid_authentication_error'), { kind: 'auth' }],
  [400, failed('content_filter'), { kind: 'content_filter', phase: 'input' }],
  [
    400,
    failed('invalid_request_error', 'Invalid request: Your request exceeded model token limit: 8192'),
    { kind: 'context_length' },
  ],
  [404, failed('resource_not_found_error'), { kind: 'model_not_found' }],
])('%i %j is %j', async (status, body, expected) => {
  expect(await vendor.fails(status, body)).toMatchObject({ provider: 'moonshot', ...expected })
})

test('the balance', async () => {
  const data = { available_balance: 49.58894, voucher_balance: 46.58893, cash_balance: 3.00001 }
  vendor.tells({ code: 0, data, scode: '0x0', status: true })
  expect(await vendor.provider.balance?.()).toBe(49.58894)
  expect(vendor.sent.at(-1)?.path).toBe('/v1/users/me/balance')
})

test('a balance that is none is not told', async () => {
  vendor.tells({ code: 1, data: {} })
  await expect(vendor.provider.balance?.()).rejects.toMatchObject({ kind: 'protocol' })
})

test('where money is counted in CNY there is no balance in USD', () => {
  expect(moonshot({ baseURL: 'https://api.moonshot.cn/v1' })).not.toHaveProperty('balance')
  expect(moonshot()).toHaveProperty('balance')
})
