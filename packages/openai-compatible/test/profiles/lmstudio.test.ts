import { expect, test } from 'vitest'
import { lmstudio } from '../../src/profiles/lmstudio.ts'
import { chunk, textOf } from '../call.ts'
import { billed, streamed, usageChunk, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => lmstudio({ baseURL: `${url}/v1` }))
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }

test('a request needs no key, and passes on what only this server knows', async () => {
  expect(await vendor.asks({ options: { ttl: 300, top_k: 40 } })).toEqual({
    body: { stream_options: { include_usage: true }, ttl: 300, top_k: 40 },
    warnings: [],
  })
  expect(vendor.sent.at(-1)?.headers.authorization).toBeUndefined()
})

test('a stream and one body', async () => {
  const stream = await vendor.reads(streamed([chunk({ content: 'Yes.' }), chunk({}, 'stop'), usageChunk(usage)]))
  const body = await vendor.reads(whole({ content: 'Yes.', tool_calls: [] }, { usage, stats: {} }), { stream: false })
  for (const all of [stream, body]) {
    expect(textOf(all)).toBe('Yes.')
    expect(billed(all)).toMatchObject({ usage: { input: 10, output: 5, total: 15 } })
  }
})

test('an error is an event of its own in a stream', async () => {
  const error = { error: { message: 'secret', code: 500 }, message: 'secret' }
  const body = `data: ${JSON.stringify(chunk({ content: 'x' }))}\n\nevent: error\ndata: ${JSON.stringify(error)}\n\n`
  await expect(vendor.reads({ type: 'text/event-stream', body })).rejects.toMatchObject({ kind: 'server' })
})

test.each<[number, unknown, string]>([
  [404, { error: 'Model not found' }, 'model_not_found'],
  [400, { error: 'Trying to keep the first 5000 tokens when context the overflows' }, 'bad_request'],
  [400, { error: "The number of tokens is longer than the model's context length" }, 'context_length'],
])('%i %j is %s', async (status, body, kind) => {
  expect(await vendor.fails(status, body)).toMatchObject({ provider: 'lmstudio', kind })
})

test('it is free', () => {
  expect(vendor.provider.traits?.('any')).toEqual({ free: true })
})
