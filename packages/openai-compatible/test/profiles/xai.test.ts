import { expect, test } from 'vitest'
import { xai } from '../../src/profiles/xai.ts'
import { chunk, textOf } from '../call.ts'
import { billed, partsOf, streamed, usageChunk, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => xai({ baseURL: `${url}/v1`, apiKey: 'k' }))
const asked = { stream_options: { include_usage: true } }

test.each<[string, object, object, string[]]>([
  ['grok-4.3', {}, asked, []],
  ['grok-4.3', { reasoning: 'none' }, { ...asked, reasoning_effort: 'none' }, []],
  ['grok-4.6', { reasoning: 'none' }, { ...asked, reasoning_effort: 'low' }, ['reasoning_rounded']],
  ['grok-3-mini', { reasoning: 'medium' }, { ...asked, reasoning_effort: 'low' }, ['reasoning_rounded']],
  ['grok-code-fast-1', { reasoning: 'high' }, asked, ['reasoning_rounded']],
  ['grok-4.3', { options: { search_parameters: { mode: 'on' } } }, { ...asked, search_parameters: { mode: 'on' } }, []],
])('%s is asked with %j by %j', async (model, more, body, warnings) => {
  expect(await vendor.asks({ model, ...more })).toEqual({ body, warnings })
})

const thought = { completion_tokens_details: { reasoning_tokens: 300 } }
test.each<[string, object, object]>([
  [
    'reasoning is beside the completion, as the total says',
    { prompt_tokens: 100, completion_tokens: 20, total_tokens: 420, ...thought },
    { input: 100, output: 320, reasoning: 300, total: 420 },
  ],
  [
    'reasoning is beside the completion, and there is no total',
    { prompt_tokens: 100, completion_tokens: 20, ...thought },
    { input: 100, output: 320, reasoning: 300, total: 420 },
  ],
  [
    'reasoning is inside, as the total says',
    { prompt_tokens: 100, completion_tokens: 320, total_tokens: 420, ...thought },
    { input: 100, output: 320, reasoning: 300, total: 420 },
  ],
  [
    'the cache is inside the prompt',
    { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, prompt_tokens_details: { cached_tokens: 90 } },
    { input: 10, cacheRead: 90, output: 20 },
  ],
  [
    'the cache is more than the prompt',
    { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30, prompt_tokens_details: { cached_tokens: 90 } },
    { input: 10, cacheRead: 90, output: 20 },
  ],
])('%s', async (_, usage, expected) => {
  const ticks = { ...usage, cost_in_usd_ticks: 37_756_000 }
  const stream = await vendor.reads(streamed([chunk({ content: 'Yes.' }), chunk({}, 'stop'), usageChunk(ticks)]))
  const body = await vendor.reads(whole({ content: 'Yes.' }, { usage: ticks }), { stream: false })
  for (const all of [stream, body]) {
    expect(textOf(all)).toBe('Yes.')
    expect(billed(all)).toMatchObject({ usage: expected, reportedUsd: 0.0037756 })
  }
})

test('citations of a search become a part', async () => {
  const citations = ['https://example.com/a']
  const last = usageChunk({ prompt_tokens: 1, completion_tokens: 1 }, { citations })
  const all = await vendor.reads(streamed([chunk({ content: 'x' }), chunk({}, 'stop'), last]))
  expect(partsOf(all)).toEqual([{ type: 'provider', vendor: 'xai', kind: 'citations', value: citations }])
})

test.each<[number, string, string]>([
  [400, 'Incorrect API key provided: ab***cd. You can obtain an API key from https://console.x.ai.', 'auth'],
  [400, "This model's maximum prompt length is 131072 but the request contains 200000 tokens.", 'context_length'],
  [403, 'Your team has either used all available credits or reached its monthly spending limit.', 'billing'],
  [403, "Your newly created team doesn't have any credits yet.", 'billing'],
  [429, 'Your team has either used all available credits or reached its monthly spending limit.', 'billing'],
  [403, 'Content violates usage guidelines. Failed check: SAFETY', 'content_filter'],
  [403, 'You are not allowed to use this model.', 'permission'],
  [404, 'The model nobody does not exist or your team does not have access to it.', 'model_not_found'],
  [429, 'Too many requests.', 'rate_limit'],
])('%i with "%s" is %s', async (status, words, kind) => {
  const error = await vendor.fails(status, { code: 'Client specified an invalid argument', error: words })
  expect(error).toMatchObject({ provider: 'xai', kind, details: { providerMessage: words } })
})

test('models have prices in cents per hundred million tokens', async () => {
  vendor.tells({
    models: [
      {
        id: 'grok-4.3',
        input_modalities: ['text', 'image'],
        output_modalities: ['text'],
        prompt_text_token_price: 12_500,
        cached_prompt_text_token_price: 2000,
        completion_text_token_price: 25_000,
        context_length: 1_000_000,
      },
    ],
  })
  expect(await vendor.provider.models?.()).toEqual([
    {
      id: 'grok-4.3',
      provider: 'xai',
      contextTokens: 1_000_000,
      inputPerMTok: 1.25,
      cacheReadPerMTok: 0.2,
      outputPerMTok: 2.5,
      input: ['text', 'image'],
    },
  ])
  vendor.tells({ data: [] })
  await vendor.provider.health?.()
  expect(vendor.sent.map(({ path }) => path)).toEqual(['/v1/language-models', '/v1/models'])
})
