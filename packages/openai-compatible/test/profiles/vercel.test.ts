import type { ProviderMessage } from '@wayfare/core'
import { expect, test } from 'vitest'
import { vercel } from '../../src/profiles/vercel.ts'
import { chunk, textOf } from '../call.ts'
import { billed, partsOf, streamed, usageChunk, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => vercel({ baseURL: `${url}/v1`, apiKey: 'k' }))
const asked = { stream_options: { include_usage: true } }
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
const metadata = { provider_metadata: { gateway: { cost: '0.0045405', generationId: 'gen_1' } } }

test.each<[object, object]>([
  [{ reasoning: 'high' }, { ...asked, reasoning: { effort: 'high' } }],
  [{ reasoning: { maxTokens: 2000 } }, { ...asked, reasoning: { max_tokens: 2000 } }],
  [
    { options: { providerOptions: { gateway: { order: ['a'] } } } },
    { ...asked, providerOptions: { gateway: { order: ['a'] } } },
  ],
])('%j is asked by %j', async (more, body) => {
  expect(await vendor.asks(more)).toEqual({ body, warnings: [] })
})

test.each<[string, object[]]>([
  ['in the last delta', [chunk(metadata, 'stop'), usageChunk(usage)]],
  ['behind the usage', [usageChunk(usage), chunk(metadata, 'stop')]],
  ['in the usage', [chunk({}, 'stop'), usageChunk({ ...usage, cost: 0.0045405 })]],
  ['in the usage, as text', [chunk({}, 'stop'), usageChunk({ ...usage, cost: '0.0045405' })]],
  ['in the chunk', [chunk({}, 'stop'), usageChunk(usage, metadata)]],
])('a cost %s of a stream', async (_, last) => {
  const all = await vendor.reads(streamed([chunk({ content: 'Yes.' }), ...last]))
  expect(textOf(all)).toBe('Yes.')
  const told = all.flatMap((event) => (event.type === 'usage' ? [event] : []))
  expect(Object.assign({}, ...told.map(({ usage: one }) => one))).toMatchObject({ input: 10, output: 5, total: 15 })
  expect(told.findLast(({ reportedUsd }) => reportedUsd !== undefined)?.reportedUsd).toBe(0.0045405)
})

test('one body', async () => {
  const all = await vendor.reads(whole({ content: 'Yes.', ...metadata }, { usage }), { stream: false })
  expect(textOf(all)).toBe('Yes.')
  expect(billed(all)).toMatchObject({ usage: { input: 10, output: 5 }, reportedUsd: 0.0045405 })
})

test('nothing to pay is an answer', async () => {
  const free = { provider_metadata: { gateway: { cost: '0' } } }
  expect(billed(await vendor.reads(whole({ content: 'x', ...free }, { usage })))).toMatchObject({ reportedUsd: 0 })
})

test('details of reasoning go back as they came', async () => {
  const detail = { type: 'reasoning.text', text: 'Hmm.', signature: 's', index: 0 }
  const all = await vendor.reads(
    streamed([
      chunk({ reasoning: 'Hmm.', reasoning_details: [detail] }),
      chunk({ content: 'Yes.' }),
      chunk({}, 'stop'),
    ]),
  )
  const content = [...partsOf(all), { type: 'text', text: 'Yes.' }]
  const { body } = await vendor.asks({ messages: [{ role: 'assistant', content } as ProviderMessage] }) // made here
  expect(body['messages']).toEqual([{ role: 'assistant', content: 'Yes.', reasoning_details: [detail] }])
})

const failed = (type: string): object => ({ error: { message: 'secret', type } })
test.each<[number, object, string]>([
  [402, failed('insufficient_funds'), 'billing'],
  [403, failed('customer_verification_required'), 'billing'],
  [403, failed('forbidden'), 'permission'],
  [401, failed('authentication_error'), 'auth'],
  [404, failed('model_not_found'), 'model_not_found'],
  [429, failed('rate_limit_exceeded'), 'rate_limit'],
])('%i %j is %s', async (status, body, kind) => {
  expect(await vendor.fails(status, body)).toMatchObject({ provider: 'vercel', kind })
})

test('models have their prices; only those of language are told', async () => {
  vendor.tells({
    data: [
      {
        id: 'openai/gpt-5.4',
        name: 'GPT-5.4',
        type: 'language',
        context_window: 400_000,
        max_tokens: 128_000,
        tags: ['tool-use', 'reasoning'],
        pricing: {
          input: '0.0000025',
          output: '0.000015',
          input_cache_read: '0.00000025',
          input_cache_write: '0.000003',
        },
      },
      { id: 'openai/text-embedding-3-small', type: 'embedding', pricing: { input: '0.00000002' } },
    ],
  })
  expect(await vendor.provider.models?.()).toEqual([
    {
      id: 'openai/gpt-5.4',
      provider: 'vercel',
      name: 'GPT-5.4',
      contextTokens: 400_000,
      maxOutputTokens: 128_000,
      inputPerMTok: 2.5,
      outputPerMTok: 15,
      cacheReadPerMTok: 0.25,
      cacheWritePerMTok: 3,
      supportsTools: true,
    },
  ])
})

test('the balance, which is also what health asks for', async () => {
  vendor.tells({ balance: '95.50', total_used: '4.50' })
  expect(await vendor.provider.balance?.()).toBe(95.5)
  vendor.tells({ balance: '95.50', total_used: '4.50' })
  await vendor.provider.health?.()
  expect(vendor.sent.map(({ path }) => path)).toEqual(['/v1/credits', '/v1/credits'])
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
