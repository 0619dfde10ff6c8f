import type { ProviderMessage } from '@wayfare/core'
import { expect, test } from 'vitest'
import { mistral } from '../../src/profiles/mistral.ts'
import { chunk, textOf } from '../call.ts'
import { billed, partsOf, streamed, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => mistral({ baseURL: `${url}/v1`, apiKey: 'k' }))
const thought = (text: string): object => ({ type: 'thinking', thinking: [{ type: 'text', text }] })

test.each<[string, object, object, string[]]>([
  ['mistral-large-latest', {}, {}, []],
  [
    'mistral-large-latest',
    { seed: 7, maxOutputTokens: 9, reasoning: 'medium' },
    { random_seed: 7, max_tokens: 9, reasoning_effort: 'medium' },
    [],
  ],
  ['mistral-small-latest', { reasoning: 'none' }, { reasoning_effort: 'none' }, []],
  ['mistral-small-latest', { reasoning: 'medium' }, { reasoning_effort: 'high' }, ['reasoning_rounded']],
  ['magistral-medium-latest', { reasoning: 'none' }, {}, ['reasoning_rounded']],
  ['codestral-latest', { reasoning: 'low' }, {}, ['reasoning_rounded']],
])('%s is asked with %j by %j', async (model, more, body, warnings) => {
  expect(await vendor.asks({ model, ...more })).toEqual({ body, warnings })
})

test('ids of tool calls are nine letters and digits, thoughts are parts, and a last turn is a prefix', async () => {
  const messages: ProviderMessage[] = [
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hmm.', providerMetadata: { mistral: { field: 'content' } } },
        { type: 'text', text: 'Let me see.' },
        { type: 'tool_call', id: 'toolu_01abc', name: 'one', input: {}, rawInput: '{}' },
        { type: 'tool_call', id: 'D681PevKs', name: 'two', input: {}, rawInput: '{}' },
      ],
    },
    {
      role: 'tool',
      content: [
        { type: 'tool_result', id: 'toolu_01abc', name: 'one', output: '1' },
        { type: 'tool_result', id: 'D681PevKs', name: 'two', output: '2' },
      ],
    },
    { role: 'assistant', content: [{ type: 'text', text: 'It is' }] },
  ]
  const { body } = await vendor.asks({ messages })
  expect(body['messages']).toMatchObject([
    { role: 'user', content: 'Hi' },
    {
      role: 'assistant',
      content: [thought('Hmm.'), { type: 'text', text: 'Let me see.' }],
      tool_calls: [{ id: '000000000' }, { id: 'D681PevKs' }],
    },
    { role: 'tool', tool_call_id: '000000000' },
    { role: 'tool', tool_call_id: 'D681PevKs' },
    { role: 'assistant', content: 'It is', prefix: true },
  ])
})

test('a last turn of the user is no beginning of an answer', async () => {
  const { body } = await vendor.asks({ messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] })
  expect(body['messages']).toEqual([{ role: 'user', content: 'Hi' }])
})

test.each<[string, object, number]>([
  ['a flat count', { num_cached_tokens: 60 }, 60],
  ['details', { prompt_tokens_details: { cached_tokens: 60 } }, 60],
  ['details by another name', { prompt_token_details: { cached_tokens: 60 } }, 60],
  ['nothing', {}, 0],
])('a stream of parts, its cache told by %s', async (_, more, cacheRead) => {
  const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, ...more }
  const all = await vendor.reads(
    streamed([
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: [thought('Hm')] }),
      chunk({ content: [thought('m.')] }),
      chunk({ content: [{ type: 'text', text: 'Ye' }] }),
      chunk({ content: 's.' }, 'model_length', { usage }),
    ]),
  )
  expect(textOf(all)).toBe('Yes.')
  expect(partsOf(all)).toMatchObject([
    { type: 'reasoning', text: 'Hmm.', providerMetadata: { mistral: { field: 'content' } } },
  ])
  expect(billed(all)).toMatchObject({ usage: { input: 100 - cacheRead, cacheRead, output: 20, total: 120 } })
  expect(all.at(-1)).toMatchObject({ type: 'finish', reason: 'length', rawReason: 'model_length' })
})

test('one body', async () => {
  const all = await vendor.reads(whole({ content: [thought('Hmm.'), { type: 'text', text: 'Yes.' }] }), {
    stream: false,
  })
  expect(textOf(all)).toBe('Yes.')
  expect(partsOf(all)).toMatchObject([{ type: 'reasoning', text: 'Hmm.' }])
})

test.each<[number, string, string, string]>([
  [429, 'Service tier capacity exceeded for this model.', 'invalid_request_error', 'rate_limit'],
  [400, 'Invalid model: nobody', 'invalid_model', 'model_not_found'],
  [422, 'Bad request', 'invalid_request_error', 'bad_request'],
  [500, 'Service unavailable.', 'internal_server_error', 'server'],
])('%i with "%s" is %s: the flat form of errors', async (status, message, type, kind) => {
  const body = { object: 'error', message, type, param: null, code: '1500' }
  expect(await vendor.fails(status, body)).toMatchObject({ provider: 'mistral', kind, code: '1500' })
})

test('no capacity in the middle of a stream is a limit of rate, too', async () => {
  const error = { object: 'error', message: 'Service tier capacity exceeded', type: 'service_tier_capacity_exceeded' }
  await expect(vendor.reads(streamed([chunk({ content: 'x' }), error]))).rejects.toMatchObject({ kind: 'rate_limit' })
})

test('a validation that failed has a list of details', async () => {
  const body = { detail: [{ loc: ['body', 'messages'], msg: 'Field required', type: 'missing' }] }
  expect(await vendor.fails(422, body)).toMatchObject({
    kind: 'bad_request',
    details: { providerMessage: 'Field required' },
  })
})

test('models say what they can', async () => {
  const can = (more: object): object => ({ completion_chat: true, function_calling: true, vision: false, ...more })
  vendor.tells({
    data: [
      { id: 'a', name: 'A', max_context_length: 131_072, capabilities: can({ vision: true }) },
      { id: 'b', max_context_length: 32_768, capabilities: can({ function_calling: false }) },
      { id: 'embed', capabilities: can({ completion_chat: false }) },
    ],
  })
  expect(await vendor.provider.models?.()).toEqual([
    { id: 'a', provider: 'mistral', name: 'A', contextTokens: 131_072, supportsTools: true, input: ['text', 'image'] },
    { id: 'b', provider: 'mistral', contextTokens: 32_768, supportsTools: false, input: ['text'] },
  ])
})
