import type { ProviderMessage } from '@wayfare/core'
import { expect, test } from 'vitest'
import { vllm } from '../../src/profiles/vllm.ts'
import { chunk, textOf } from '../call.ts'
import { billed, partsOf, streamed, usageChunk, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => vllm({ baseURL: `${url}/v1` }))
const asked = { stream_options: { include_usage: true } }
const usage = (output: number): object => ({
  prompt_tokens: 100,
  completion_tokens: output,
  total_tokens: 100 + output,
  prompt_tokens_details: null,
})

test.each<[object, object, string[]]>([
  [{}, asked, []],
  [{ reasoning: 'none' }, { ...asked, chat_template_kwargs: { enable_thinking: false } }, []],
  [{ reasoning: 'high' }, { ...asked, reasoning_effort: 'high' }, []],
  [
    { options: { stream_options: { continuous_usage_stats: true } } },
    { stream_options: { continuous_usage_stats: true, include_usage: true } },
    [],
  ],
])('%j is asked by %j', async (more, body, warnings) => {
  expect(await vendor.asks(more)).toEqual({ body, warnings })
})

test.each(['reasoning', 'reasoning_content'])('thoughts in %s go back in it', async (field) => {
  const all = await vendor.reads(
    streamed([
      chunk({ [field]: 'Hmm.' }, null, { usage: usage(1) }),
      chunk({ content: 'Yes.' }, null, { usage: usage(2) }),
      chunk({}, 'stop', { usage: usage(3) }),
      usageChunk(usage(3)),
    ]),
  )
  expect(textOf(all)).toBe('Yes.')
  expect(billed(all)).toMatchObject({ usage: { input: 100, output: 3, total: 103 } })
  const content = [...partsOf(all), { type: 'text', text: 'Yes.' }]
  const { body } = await vendor.asks({ messages: [{ role: 'assistant', content } as ProviderMessage] }) // made here
  expect(body['messages']).toEqual([{ role: 'assistant', content: 'Yes.', [field]: 'Hmm.' }])
})

test('one body', async () => {
  const all = await vendor.reads(whole({ content: 'Yes.', reasoning: 'Hmm.' }, { usage: usage(3) }), { stream: false })
  expect(textOf(all)).toBe('Yes.')
  expect(partsOf(all)).toMatchObject([{ type: 'reasoning', text: 'Hmm.' }])
})

const long = "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens."
test.each<[number, object, string]>([
  [400, { object: 'error', message: long, type: 'BadRequestError', param: null, code: 400 }, 'context_length'],
  [400, { error: { message: long, type: 'BadRequestError', param: null, code: 400 } }, 'context_length'],
  [404, { object: 'error', message: 'no', type: 'NotFoundError', param: null, code: 404 }, 'model_not_found'],
  [401, { error: 'Unauthorized' }, 'auth'],
])('%i %j is %s', async (status, body, kind) => {
  expect(await vendor.fails(status, body)).toMatchObject({ provider: 'vllm', kind })
})

test('an error is data in a stream', async () => {
  const error = { error: { object: 'error', message: 'secret', type: 'InternalServerError', code: 500 } }
  await expect(vendor.reads(streamed([chunk({ content: 'x' }), error]))).rejects.toMatchObject({ kind: 'server' })
})

test('models have the context that the server was started with', async () => {
  vendor.tells({ object: 'list', data: [{ id: 'Qwen/Qwen3-8B', root: '/models/q', max_model_len: 40_960 }] })
  expect(await vendor.provider.models?.()).toEqual([{ id: 'Qwen/Qwen3-8B', provider: 'vllm', contextTokens: 40_960 }])
})
