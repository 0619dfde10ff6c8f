import { expect, test } from 'vitest'
import { llamacpp } from '../../src/profiles/llamacpp.ts'
import { chunk, textOf } from '../call.ts'
import { billed, streamed, usageChunk, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => llamacpp({ baseURL: `${url}/v1` }))
const asked = { stream_options: { include_usage: true } }
const timings = { timings: { prompt_n: 10, predicted_n: 5, predicted_per_second: 40 } }
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }

test.each<[object, object]>([
  [{}, asked],
  [{ reasoning: 'none' }, { ...asked, chat_template_kwargs: { enable_thinking: false } }],
  [{ options: { cache_prompt: false } }, { ...asked, cache_prompt: false }],
])('%j is asked by %j', async (more, body) => {
  expect(await vendor.asks(more)).toEqual({ body, warnings: [] })
})

test('a stream with timings, and none of whose chunks names a role', async () => {
  const all = await vendor.reads(
    streamed([
      chunk({ content: 'Hé' }),
      chunk({ content: '👋' }),
      chunk({}, 'stop', timings),
      usageChunk(usage, timings),
    ]),
  )
  expect(textOf(all)).toBe('Hé👋')
  expect(billed(all)).toMatchObject({ usage: { input: 10, output: 5, total: 15 } })
})

test('one body', async () => {
  const all = await vendor.reads(whole({ content: 'Yes.' }, { usage, ...timings }), { stream: false })
  expect(textOf(all)).toBe('Yes.')
  expect(billed(all)).toMatchObject({ usage: { input: 10, output: 5 } })
})

const long = { code: 400, message: 'the request exceeds the available context size', type: 'exceed_context_size_error' }

test('an error is a field of its own in a stream', async () => {
  const body = `data: ${JSON.stringify(chunk({ content: 'x' }))}\n\nerror: ${JSON.stringify(long)}\n\n`
  await expect(vendor.reads({ type: 'text/event-stream', body })).rejects.toMatchObject({ kind: 'context_length' })
})

test.each<[number, object, string]>([
  [400, long, 'context_length'],
  [503, { code: 503, message: 'Loading model', type: 'unavailable_error' }, 'overloaded'],
  [401, { code: 401, message: 'Invalid API Key', type: 'authentication_error' }, 'auth'],
  [500, { code: 500, message: 'x', type: 'server_error' }, 'server'],
])('%i %j is %s', async (status, error, kind) => {
  expect(await vendor.fails(status, { error })).toMatchObject({ provider: 'llamacpp', kind })
})

test('health is beside the interface', async () => {
  vendor.tells({ status: 'ok' })
  await vendor.provider.health?.()
  expect(vendor.sent.at(-1)).toMatchObject({ method: 'GET', path: '/health' })
})

test('models have the context of the server, else that of their training', async () => {
  vendor.tells({
    data: [
      { id: 'a', meta: { n_ctx: 4096, n_ctx_train: 131_072 } },
      { id: 'b', meta: { n_ctx_train: 131_072 } },
      { id: 'c', meta: null },
    ],
  })
  const contexts = (await vendor.provider.models?.())?.map(({ contextTokens }) => contextTokens)
  expect(contexts).toEqual([4096, 131_072, undefined])
})
