import type { Usage } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { PriceConfigError, PriceRegistry } from '../../src/index.ts'
import {
  fromGenaiPrices,
  fromLiteLLM,
  fromModels,
  fromModelsDev,
  fromOpenRouter,
  type PriceCatalogue,
} from '../../src/loaders/index.ts'
import { usage } from '../usage.ts'

const day = Date.parse('2026-11-25T12:00:00Z')

/** USD of a call at the prices of a catalogue. */
function costIn(catalogue: PriceCatalogue, provider: string, model: string, figures: Partial<Usage>, at = day) {
  const prices = new PriceRegistry({ entries: [], now: () => day })
  prices.setLive('catalogue', catalogue.entries)
  const price = prices.price({ provider, model, usage: usage(figures), at })
  if (price.priced) expect(price).toMatchObject({ source: 'live', priceDate: '2026-11-25', stale: false })
  return price.usd
}

const million = { input: 1e6 }

describe('models.dev', () => {
  const catalogue = fromModelsDev({
    anthropic: {
      id: 'anthropic',
      models: {
        'claude-x': {
          id: 'claude-x',
          cost: {
            input: 3,
            output: 15,
            cache_read: 0.3,
            cache_write: 3.75,
            context_over_200k: { input: 6, output: 22.5, cache_read: 0.6 },
          },
        },
      },
    },
    'google-vertex': { models: { 'gemini-x': { cost: { input: 1, output: 2, input_audio: 4 } } } },
    xai: {
      models: {
        grok: {
          cost: { input: 2, output: 6, tiers: [{ input: 4, output: 12, tier: { type: 'context', size: 200_000 } }] },
        },
      },
    },
    openai: {
      models: {
        tiered: {
          cost: {
            input: 5,
            output: 30,
            tiers: [{ input: 10, output: 45, tier: { type: 'context', size: 272_000 } }],
            context_over_200k: { input: 10, output: 45 },
          },
        },
      },
    },
    llama: {
      models: {
        unpriced: { id: 'unpriced' },
        free: { cost: { input: 0, output: 0 } },
        odd: { cost: { input: -1, output: 2 } },
      },
    },
    gw: {
      models: {
        'x:free': { cost: { input: 0, output: 0 } },
        zero: { cost: { input: 1, output: 2, cache_read: 0, reasoning: 0 } },
        half: { cost: { input: 1, output: 0 } },
      },
    },
  })

  test.each<[string, string, Partial<Usage>, number | undefined]>([
    ['anthropic', 'claude-x', { input: 1e5, cacheRead: 1e5, cacheWrite: 0 }, 0.33],
    ['anthropic', 'claude-x', { input: 1e5, cacheRead: 1e5 + 1 }, 0.6600006],
    ['vertex', 'gemini-x', { input: 1e6, audioIn: 5e5 }, 2.5],
    ['xai', 'grok', { input: 199_999 }, 0.399998],
    ['xai', 'grok', { input: 200_000 }, 0.8],
    ['openai', 'tiered', { input: 271_999 }, 1.359995],
    ['openai', 'tiered', { input: 272_000 }, 2.72],
    ['gw', 'x:free', million, 0],
    ['gw', 'zero', { cacheRead: 1e6 }, 1],
    ['gw', 'zero', { output: 1e6, reasoning: 1e6 }, 2],
    ['llama', 'free', million, undefined],
    ['llama', 'odd', million, undefined],
    ['gw', 'half', million, undefined],
  ])('%s/%s: %j', (provider, model, figures, usd) => {
    expect(costIn(catalogue, provider, model, figures)).toBe(usd)
  })

  test('what is not believed is told, with the reason; a model without a price is no matter of ours', () => {
    expect(catalogue.skipped).toEqual([
      { provider: 'llama', id: 'free', reason: 'a price of zero is more likely unknown than free' },
      { provider: 'llama', id: 'odd', reason: 'cost.input: not an amount of zero or more' },
      { provider: 'gw', id: 'half', reason: 'output without a price' },
    ])
  })
})

describe('LiteLLM', () => {
  const catalogue = fromLiteLLM({
    sample_spec: { litellm_provider: 'one of https://...', mode: 'chat', input_cost_per_token: 0 },
    fallback_generalizations: { rule: 'x' },
    'claude-x': {
      litellm_provider: 'anthropic',
      mode: 'chat',
      input_cost_per_token: 3e-6,
      output_cost_per_token: 1.5e-5,
      cache_read_input_token_cost: 3e-7,
      cache_creation_input_token_cost: 3.75e-6,
      cache_creation_input_token_cost_above_1hr: 6e-6,
      input_cost_per_token_above_200k_tokens: 6e-6,
      output_cost_per_token_above_200k_tokens: 2.25e-5,
      cache_creation_input_token_cost_above_1hr_above_200k_tokens: 1.2e-5,
      search_context_cost_per_query: { search_context_size_medium: 0.01 },
    },
    'gemini/gemini-x': {
      litellm_provider: 'gemini',
      mode: 'chat',
      input_cost_per_token: 1e-6,
      output_cost_per_token: 2e-6,
    },
    'vertex_ai/gemini-x': {
      litellm_provider: 'vertex_ai-language-models',
      mode: 'chat',
      input_cost_per_token: '1e-06',
      output_cost_per_token: 2e-6,
    },
    'gpt-x': {
      litellm_provider: 'openai',
      mode: 'responses',
      input_cost_per_token: 2e-6,
      output_cost_per_token: 8e-6,
      input_cost_per_token_priority: 4e-6,
      output_cost_per_token_priority: 16e-6,
      input_cost_per_token_above_200k_tokens_priority: 100e-6,
      input_cost_per_token_batches: 1e-6,
      output_cost_per_token_batches: 4e-6,
    },
    'openai/gpt-x': {
      litellm_provider: 'openai',
      mode: 'chat',
      input_cost_per_token: 9e-6,
      output_cost_per_token: 9e-6,
    },
    'no-read-rate': {
      litellm_provider: 'openai',
      mode: 'chat',
      input_cost_per_token: 1e-6,
      output_cost_per_token: 1e-6,
      supports_prompt_caching: true,
    },
    embedder: { litellm_provider: 'openai', mode: 'embedding', input_cost_per_token: 1e-7, output_cost_per_token: 0 },
    zero: { litellm_provider: 'openai', mode: 'chat', input_cost_per_token: 0, output_cost_per_token: 0 },
    words: { litellm_provider: 'openai', mode: 'chat', input_cost_per_token: 'cheap', output_cost_per_token: 1e-6 },
  })

  test.each<[string, string, Partial<Usage>, number | undefined]>([
    ['anthropic', 'claude-x', { cacheWrite1h: 1e5 }, 0.6],
    ['anthropic', 'claude-x', { cacheWrite1h: 3e5 }, 3.6],
    ['anthropic', 'claude-x', { input: 1e5, webSearches: 2 }, 0.32],
    ['google', 'gemini-x', million, 1],
    ['vertex', 'gemini-x', million, 1],
    ['openai', 'gpt-x', million, 2],
    ['openai', 'gpt-x', { input: 1e6, serviceTier: 'priority' }, 4],
    ['openai', 'gpt-x', { input: 1e6, serviceTier: 'batch' }, 1],
    ['openai', 'no-read-rate', { cacheRead: 1e6 }, 1],
    ['openai', 'embedder', million, undefined],
    ['openai', 'zero', million, undefined],
  ])('%s/%s: %j', (provider, model, figures, usd) => {
    expect(costIn(catalogue, provider, model, figures)).toBe(usd)
  })

  test('explanations and rules are no models, and rows that cannot be right are told', () => {
    expect(catalogue.skipped.map(({ id }) => id)).toEqual(['zero', 'words'])
    expect(catalogue.entries.map(({ id }) => id)).not.toContain('sample_spec')
  })
})

describe('OpenRouter', () => {
  const catalogue = fromOpenRouter({
    data: [
      {
        id: 'a/model',
        canonical_slug: 'a/model-20260101',
        pricing: {
          prompt: '0.0000006000000000000001',
          completion: '0.000002',
          input_cache_read: '0.00000006',
          input_cache_write_1h: '0.0000012',
          web_search: '0.01',
          request: '0',
          image: '0.001',
          internal_reasoning: '0',
        },
      },
      { id: 'a/model:free', canonical_slug: 'a/model', pricing: { prompt: '0', completion: '0' } },
      { id: 'auto', pricing: { prompt: '-1', completion: '-1' } },
      {
        id: 'a/long',
        pricing: {
          prompt: '0.000002',
          completion: '0.00001',
          overrides: [{ min_prompt_tokens: 200_000, prompt: '0.000004', completion: '0.000015' }],
        },
      },
      {
        id: 'a/timed',
        pricing: {
          prompt: '0.000002',
          completion: '0.00001',
          overrides: [{ utc_start: '01:00', utc_end: '04:00', prompt: '0.000004' }],
        },
      },
      {
        id: 'a/strange',
        pricing: { prompt: '0.000002', completion: '0.00001', overrides: [{ moon: 'full', prompt: '0.000004' }] },
      },
      { id: 'a/unpriced', pricing: {} },
      { pricing: { prompt: '1', completion: '1' } },
      null,
    ],
  })

  test.each<[string, Partial<Usage>, number | undefined]>([
    ['a/model', million, 0.6],
    ['a/model-20260101', million, 0.6],
    ['a/model', { cacheRead: 1e6, cacheWrite1h: 1e6, webSearches: 3 }, 0.06 + 1.2 + 0.03],
    ['a/model', { output: 1e6, reasoning: 1e6 }, 2],
    ['a/model:free', million, 0],
    ['auto', million, undefined],
    ['a/long', { input: 199_999 }, 0.399998],
    ['a/long', { input: 200_000, output: 100 }, 0.8015],
    ['a/strange', million, undefined],
    ['a/unpriced', million, undefined],
  ])('%s: %j', (model, figures, usd) => {
    expect(costIn(catalogue, 'openrouter', model, figures)).toBe(usd)
  })

  test('hours are hours', () => {
    const at = (time: string) => costIn(catalogue, 'openrouter', 'a/timed', million, Date.parse(`2026-11-25T${time}Z`))
    expect([at('00:59'), at('01:00'), at('04:00')]).toEqual([2, 4, 2])
  })

  test('what is not believed is told', () => {
    expect(catalogue.skipped.map(({ id, reason }) => [id, reason])).toEqual([
      ['auto', 'pricing.prompt: not an amount of zero or more'],
      ['a/strange', 'a condition of its price is not known here'],
      ['?', expect.stringContaining('id')],
      ['?', expect.any(String)],
    ])
  })

  test('a gateway of the same wire has its own name', () => {
    const data = [{ id: 'm', pricing: { prompt: '0.000001', completion: '0.000001' } }]
    expect(costIn(fromOpenRouter({ data }, { provider: 'gw' }), 'gw', 'm', million)).toBe(1)
  })
})

describe('genai-prices', () => {
  const catalogue = fromGenaiPrices([
    {
      id: 'anthropic',
      models: [
        {
          id: 'claude-x',
          match: { or: [{ starts_with: 'claude-x' }, { equals: 'x' }, { contains: 'laude' }] },
          prices: [
            { prices: { input_mtok: { base: 3, tiers: [{ start: 200_000, price: 6 }] }, output_mtok: 15 } },
            {
              constraint: { start_date: '2026-03-13' },
              prices: { input_mtok: 3, output_mtok: 15, web_searches_kcount: 10 },
            },
          ],
        },
        { id: 'bad', match: { equals: 'bad' }, prices: { input_mtok: -3, output_mtok: 1 } },
        { id: 'hourly', match: { equals: 'hourly' }, prices: { audio_hours: 1 } },
      ],
    },
    {
      id: 'x-ai',
      models: [
        {
          id: 'timed',
          match: { equals: 'timed' },
          prices: [
            { prices: { input_mtok: 1, output_mtok: 2 } },
            {
              constraint: { type: 'time_of_date', start_time: '00:30:00Z', end_time: '16:30:00Z' },
              prices: { input_mtok: 2, output_mtok: 4 },
            },
          ],
        },
      ],
    },
  ])

  test.each<[string, string, Partial<Usage>, string, number | undefined]>([
    ['anthropic', 'claude-x', { input: 200_001 }, '2026-03-12', 1.200006],
    ['anthropic', 'claude-x', { input: 200_001 }, '2026-03-13', 0.600003],
    ['anthropic', 'claude-x-20260101', { input: 1e6, webSearches: 1 }, '2026-04-01', 3.01],
    ['anthropic', 'x', million, '2026-04-01', 3],
    ['anthropic', 'laude', million, '2026-04-01', undefined],
    ['anthropic', 'bad', million, '2026-04-01', undefined],
    ['anthropic', 'hourly', million, '2026-04-01', undefined],
    ['xai', 'timed', million, '2026-04-01T00:29:59Z', 1],
    ['xai', 'timed', million, '2026-04-01T00:30:00Z', 2],
  ])('%s/%s: %j on %s', (provider, model, figures, at, usd) => {
    expect(costIn(catalogue, provider, model, figures, Date.parse(at))).toBe(usd)
  })

  test('what is not believed is told', () => {
    expect(catalogue.skipped).toEqual([{ provider: 'anthropic', id: 'bad', reason: expect.any(String) }])
  })
})

test('what providers tell of their models is a catalogue too', () => {
  const catalogue = fromModels([
    { provider: 'or', id: 'a/b', inputPerMTok: 1, outputPerMTok: 2, cacheReadPerMTok: 0.1 },
    { provider: 'or', id: 'a/c' },
    { provider: 'or', id: 'a/d', inputPerMTok: 0, outputPerMTok: 0 },
  ])
  expect(costIn(catalogue, 'or', 'a/b', { cacheRead: 1e6, cacheWrite: 1e6 })).toBe(1.1)
  expect(catalogue).toMatchObject({ entries: [{ id: 'a/b' }], skipped: [{ id: 'a/d' }] })
})

describe('one row of another kind does not cost the others', () => {
  const good = { models: { m: { cost: { input: 1, output: 2 } } } }
  const lite = { litellm_provider: 'v', input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 }
  const genai = { id: 'v', models: [{ id: 'm', match: { equals: 'm' }, prices: { input_mtok: 1, output_mtok: 2 } }] }

  test.each<[string, PriceCatalogue, string[]]>([
    ['models.dev', fromModelsDev({ a: null, b: 'x', v: good, c: { models: 7 } }), ['a *', 'b *', 'c *']],
    ['LiteLLM', fromLiteLLM({ a: null, m: lite, b: 'x', c: [] }), ['- a', '- b', '- c']],
    ['genai-prices', fromGenaiPrices([null, genai, 'x', { id: 'w' }]), ['? *', '? *', 'w *']],
  ])('%s', (_, catalogue, skipped) => {
    expect(costIn(catalogue, 'v', 'm', million)).toBe(1)
    expect(catalogue.skipped.map(({ provider = '-', id }) => `${provider} ${id}`)).toEqual(skipped)
  })
})

test('a price that is too high for any model is not believed', () => {
  const catalogue = fromModels([
    { provider: 'v', id: 'a', inputPerMTok: 1e300, outputPerMTok: 1 },
    { provider: 'v', id: 'b', inputPerMTok: 1, outputPerMTok: 1.1e6 },
    { provider: 'v', id: 'c', inputPerMTok: 1e6, outputPerMTok: 1e6 },
  ])
  expect(catalogue.entries.map(({ id }) => id)).toEqual(['c'])
  expect(catalogue.skipped).toEqual(
    ['a', 'b'].map((id) => ({ provider: 'v', id, reason: expect.stringContaining('above 1000000') })),
  )
})

test('so many rows that reading them would take seconds are not read, and it is told', () => {
  const models = Array.from({ length: 20_003 }, (_, at) => ({ provider: 'v', id: `m${at}` }))
  const last = { provider: 'v', id: 'last', inputPerMTok: 1, outputPerMTok: 1 }
  const { entries, skipped } = fromModels([...models, last])
  expect(entries).toEqual([])
  expect(skipped).toEqual([{ id: '*', reason: '4 rows after the first 20000 were not read' }])
})

test('the slug of one model does not take the name of another, whatever their order', () => {
  const row = (id: string, prompt: string, slug?: string): object => ({
    id,
    canonical_slug: slug,
    pricing: { prompt, completion: '0.000009' },
  })
  const rows = [row('a/old', '0.000001'), row('a/new', '0.000005', 'a/old')]
  for (const data of [rows, rows.toReversed()]) {
    const catalogue = fromOpenRouter({ data })
    expect(costIn(catalogue, 'openrouter', 'a/old', million)).toBe(1)
    expect(costIn(catalogue, 'openrouter', 'a/new', million)).toBe(5)
  }
})

test.each([
  ['models.dev', fromModelsDev],
  ['LiteLLM', fromLiteLLM],
  ['OpenRouter', fromOpenRouter],
  ['genai-prices', fromGenaiPrices],
] as const)('a document of another kind is refused by the loader of %s', (_, load) => {
  for (const json of [null, 'text', 7, load === fromGenaiPrices ? {} : [], { data: 1 }]) {
    expect(() => load(json)).toThrow(PriceConfigError)
  }
})
