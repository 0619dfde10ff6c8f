import type { ProviderMessage, ProviderRequest } from '@wayfare/core'
import { expect, test } from 'vitest'
import { perplexity } from '../../src/profiles/perplexity.ts'
import { broken, chunk, textOf } from '../call.ts'
import { billed, partsOf, streamed, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => perplexity({ baseURL: url, apiKey: 'k' }))
const text = (role: 'system' | 'user' | 'assistant', words: string): ProviderMessage => ({
  role,
  content: [{ type: 'text', text: words }],
})
const cost = { input_tokens_cost: 0.00001, output_tokens_cost: 0.0005, request_cost: 0.005, total_cost: 0.00551 }
const usage = { prompt_tokens: 10, completion_tokens: 50, total_tokens: 60, num_search_queries: 2, cost }
const sources = {
  citations: ['https://example.com/a'],
  search_results: [{ title: 'A', url: 'https://example.com/a', date: '2026-01-02' }],
}

test('a request passes the filters of the search', async () => {
  const options = { search_domain_filter: ['example.com'] }
  expect(await vendor.asks({ maxOutputTokens: 9, options })).toEqual({
    body: { max_tokens: 9, search_domain_filter: ['example.com'] },
    warnings: [],
  })
})

test('messages that follow one another from the same side become one', async () => {
  const image = { type: 'file', mediaType: 'image/png', data: 'iVBO' } as const
  const messages: ProviderMessage[] = [
    text('system', 'S'),
    text('user', 'A'),
    text('user', 'B'),
    text('assistant', 'C'),
    text('user', 'D'),
    { role: 'user', content: [image] },
  ]
  const { body } = await vendor.asks({ messages })
  expect(body['messages']).toMatchObject([
    { role: 'system', content: 'S' },
    { role: 'user', content: 'A\n\nB' },
    { role: 'assistant', content: 'C' },
    { role: 'user', content: [{ type: 'text', text: 'D' }, { type: 'image_url' }] },
  ])
})

test.each<[string, Partial<ProviderRequest>]>([
  ['tools', { tools: [{ name: 'one', inputSchema: {} }] }],
  [
    'a history with tools',
    {
      messages: [
        { role: 'assistant', content: [{ type: 'tool_call', id: 'a', name: 'one', input: {}, rawInput: '{}' }] },
      ],
    },
  ],
])('%s are unsupported before anything is sent', async (_, more) => {
  expect((await broken(vendor.provider, more)).error).toMatchObject({ kind: 'unsupported', provider: 'perplexity' })
  expect(vendor.sent).toHaveLength(0)
})

test('a stream that repeats itself: whole messages beside the deltas, usage on every chunk, the end twice', async () => {
  const grown = (content: string, delta: string, finish: string | null): object => ({
    ...chunk({}, finish, { usage: { ...usage, cost: undefined }, ...sources }),
    choices: [{ index: 0, message: { role: 'assistant', content }, delta: { content: delta }, finish_reason: finish }],
  })
  const last = { ...grown('Yes.', '', 'stop'), usage }
  const all = await vendor.reads(
    streamed([grown('Ye', 'Ye', null), grown('Yes.', 's.', null), grown('Yes.', '', 'stop'), last]),
  )
  expect(textOf(all)).toBe('Yes.')
  expect(partsOf(all)).toEqual([{ type: 'provider', vendor: 'perplexity', kind: 'sources', value: sources }])
  expect(billed(all)).toMatchObject({ usage: { input: 10, output: 50, webSearches: 2 }, reportedUsd: 0.00551 })
  expect(all.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
})

test('without sources there is no part, and thoughts do not go back', async () => {
  const all = await vendor.reads(streamed([chunk({ reasoning: 'Hmm.' }), chunk({ content: 'Yes.' }, 'stop')]))
  expect(partsOf(all)).toMatchObject([{ type: 'reasoning', text: 'Hmm.' }])
  const answer = { role: 'assistant', content: [...partsOf(all), { type: 'text', text: 'Yes.' }] } as ProviderMessage // made here
  const { body } = await vendor.asks({ messages: [text('user', 'A'), answer, text('user', 'B')] })
  expect(body['messages']).toMatchObject([{}, { role: 'assistant', content: 'Yes.' }, {}])
  expect(JSON.stringify(body)).not.toContain('Hmm.')
})

test('one body, whose sources do not go back', async () => {
  const all = await vendor.reads(whole({ content: 'Yes.' }, { usage, ...sources }), { stream: false })
  expect(textOf(all)).toBe('Yes.')
  const [part] = partsOf(all)
  expect(part).toMatchObject({ kind: 'sources' })
  const answer = { role: 'assistant', content: [{ type: 'text', text: 'Yes.' }, part] } as ProviderMessage // made here
  const { body } = await vendor.asks({ messages: [text('user', 'A'), answer, text('user', 'B')] })
  expect(body['messages']).toEqual([
    { role: 'user', content: 'A' },
    { role: 'assistant', content: 'Yes.' },
    { role: 'user', content: 'B' },
  ])
})

test.each<[number, object, string]>([
  [401, { error: { message: 'Invalid API key', type: 'invalid_api_key', code: 401 } }, 'auth'],
  [400, { error: { message: 'Invalid model', type: 'invalid_model', code: 400 } }, 'bad_request'],
  [429, { error: { message: 'Request rate limit exceeded', type: 'rate_limit', code: 429 } }, 'rate_limit'],
])('%i %j is %s', async (status, body, kind) => {
  expect(await vendor.fails(status, body)).toMatchObject({ provider: 'perplexity', kind })
})

test('there is no list of models, and nothing that could be asked at no cost', () => {
  expect(vendor.provider).not.toHaveProperty('models')
  expect(vendor.provider).not.toHaveProperty('health')
  expect(vendor.provider.traits?.('sonar')).toEqual({ tools: false })
})
