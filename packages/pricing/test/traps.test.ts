import type { Usage } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { PriceConfigError, PriceRegistry } from '../src/index.ts'
import { isHarmlessSuffix, normalise } from '../src/normalise.ts'
import { usage } from './usage.ts'

const day = Date.parse('2026-11-25T12:00:00Z')
const prices = new PriceRegistry({ now: () => day })

function usd(provider: string, model: string, figures: Partial<Usage>, at = day): number | undefined {
  return prices.price({ provider, model, usage: usage(figures), at }).usd
}

/** What a call must cost, and what it comes to by a mistake that others made. */
interface Trap {
  readonly title: string
  readonly provider: string
  readonly model: string
  readonly figures: Partial<Usage>
  readonly usd: number
  readonly wrong: number
}

const traps: readonly Trap[] = [
  {
    title: 'cached tokens are not billed as input too',
    provider: 'google',
    model: 'gemini-3-flash-preview',
    figures: { input: 3_914, cacheRead: 16_298, output: 931 },
    usd: 0.0055649,
    wrong: 0.0137139,
  },
  {
    title: 'cache writes are not billed as input too',
    provider: 'anthropic',
    model: 'claude-3-7-sonnet',
    figures: { input: 3, cacheWrite: 12_304, output: 550 },
    usd: 0.054399,
    wrong: 0.091311,
  },
  {
    title: 'cache writes are not free',
    provider: 'anthropic',
    model: 'claude-sonnet-4-6',
    figures: { input: 280, cacheWrite: 55_096, output: 90 },
    usd: 0.2088,
    wrong: 0.00219,
  },
  {
    title: 'reasoning is not added to the output that holds it',
    provider: 'openai',
    model: 'gpt-5.4-pro',
    figures: { input: 14_746, output: 1_944, reasoning: 1_360 },
    usd: 0.7923,
    wrong: 1.0371,
  },
  {
    title: 'writes for an hour are not priced as those for five minutes',
    provider: 'anthropic',
    model: 'claude-haiku-4-5',
    figures: { cacheWrite1h: 100_000 },
    usd: 0.2,
    wrong: 0.125,
  },
  {
    title: 'a long prompt is at the long rates in whole, not in the part beyond the threshold',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    figures: { input: 300_000 },
    usd: 1.8,
    wrong: 1.2,
  },
  {
    title: 'the long rates hold for cache and output too',
    provider: 'google',
    model: 'gemini-2.5-pro',
    figures: { input: 5_005, cacheRead: 257_955, output: 1_744 },
    usd: 0.10316125,
    wrong: 0.05594065,
  },
  {
    title: 'a prompt of exactly the threshold is short at a vendor that says "above"',
    provider: 'google',
    model: 'gemini-2.5-pro',
    figures: { input: 200_000 },
    usd: 0.25,
    wrong: 0.5,
  },
  {
    title: 'a prompt of exactly the threshold is long at a vendor that says "from"',
    provider: 'xai',
    model: 'grok-4.5',
    figures: { input: 200_000 },
    usd: 0.8,
    wrong: 0.4,
  },
  {
    title: 'a tier that served is paid for, whatever was asked for',
    provider: 'openai',
    model: 'gpt-5',
    figures: { input: 1e6, serviceTier: 'default' },
    usd: 1.25,
    wrong: 2.5,
  },
  {
    title: 'a search has a fee of its own',
    provider: 'anthropic',
    model: 'claude-sonnet-5',
    figures: { input: 1_000, webSearches: 3 },
    usd: 0.032,
    wrong: 0.002,
  },
]

describe('mistakes that others made', () => {
  test.each(traps.map((trap) => [`${trap.title} ($${trap.usd}, not $${trap.wrong})`, trap] as const))(
    '%s',
    (_, { provider, model, figures, usd: right, wrong }) => {
      expect(usd(provider, model, figures)).toBe(right)
      expect(wrong).not.toBe(right)
    },
  )

  test('a cache rate that is missing is the input rate, not zero', () => {
    const list = new PriceRegistry({ entries: [{ id: 'm', rates: { input: 2, output: 8 } }] })
    const of = (figures: Partial<Usage>) => list.price({ provider: 'p', model: 'm', usage: usage(figures) }).usd
    expect([of({ cacheRead: 1e6 }), of({ cacheWrite: 1e6 }), of({ cacheWrite1h: 1e6 })]).toEqual([2, 2, 2])
  })

  test('an unknown price is absent, not zero', () => {
    const price = prices.price({ provider: 'openai', model: 'gpt-99', usage: usage({ input: 1e6 }) })
    expect(price).toEqual({ priced: false, source: 'unknown' })
    expect(price.usd).toBeUndefined()
  })

  test.each([
    ['gpt-4.1-nano', 'gpt-4'],
    ['claude-opus-4-6', 'claude-opus-4'],
    ['o1-pro', 'o1'],
    ['o3-pro', 'o3'],
    ['gpt-4o-2024-05-13', 'gpt-4o'],
    ['gpt-4o-audio-preview', 'gpt-4o-mini-audio-preview'],
    ['gemini-2.5-flash-lite', 'gemini-2.5-flash'],
  ])('%s is not priced as %s', (model, other) => {
    const provider = model.startsWith('claude') ? 'anthropic' : model.startsWith('gemini') ? 'google' : 'openai'
    const of = (id: string) => prices.price({ provider, model: id, usage: usage({ input: 1e6, output: 1e6 }) }).usd
    expect(of(model)).toBeGreaterThan(0)
    expect(of(model)).not.toBe(of(other))
  })

  test('the same id at a gateway is not priced as at its maker', () => {
    expect(usd('openrouter', 'openai/gpt-4o', { input: 1 })).toBeUndefined()
    expect(usd('azure', 'gpt-4o', { input: 1 })).toBeUndefined()
  })

  test('ten times ten cents is a dollar', () => {
    const list = new PriceRegistry({ entries: [{ id: 'm', rates: { input: 0.1, output: 0 } }] })
    const of = usage({ input: 1e6 })
    let pico = 0
    for (let i = 0; i < 10; i++) {
      const price = list.price({ provider: 'p', model: 'm', usage: of })
      if (price.priced) pico += price.pico
    }
    expect(pico).toBe(1e12)
  })

  test('weekends are told by the calendar of the vendor, not by that of UTC', () => {
    // Sunday 17:00 UTC is Monday 01:00 in Beijing; Friday 17:00 UTC is Saturday there.
    const of = (at: string) => usd('deepseek', 'deepseek-flash', { input: 1e6 }, Date.parse(at))
    expect([of('2026-11-30T01:30:00Z'), of('2026-11-28T01:30:00Z'), of('2026-11-27T01:30:00Z')]).toEqual([
      0.3, 0.15, 0.3,
    ])
  })
})

describe('input that cannot be right', () => {
  const names = [
    '',
    ' ',
    '{}',
    '{model}:*',
    `gpt-4o'; DROP TABLE prices;--`,
    'gpt-4o"',
    'gpt-4o*',
    '*',
    'gpt-4o:{}',
    '../gpt-4o',
    'models/',
    '__proto__',
    'constructor',
    'toString',
    '\u0000',
    '💥',
    'x'.repeat(1e6),
  ]
  test.each(names.map((name) => [name.slice(0, 20), name]))('the id %j is unknown', (_, model) => {
    expect(prices.price({ provider: 'openai', model, usage: usage({ input: 1 }) })).toEqual({
      priced: false,
      source: 'unknown',
    })
  })

  test.each(['__proto__', 'constructor', '', '{}'])('the provider %j is unknown', (provider) => {
    expect(prices.price({ provider, model: 'gpt-4o', usage: usage({ input: 1 }) }).priced).toBe(false)
  })

  test.each(['__proto__', 'constructor', 'toString', '{}'])('the tier and region %j cost nothing more', (name) => {
    const call = { provider: 'anthropic', model: 'claude-opus-4-7', geo: name }
    const of = usage({ input: 1e6, serviceTier: name })
    expect(prices.price({ ...call, usage: of }).usd).toBe(5)
  })

  test.each([NaN, -1, Infinity, -Infinity])('a count of %d costs nothing', (tokens) => {
    const { usd: cost } = prices.price({
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      usage: { ...usage({}), input: tokens, output: tokens, cacheRead: tokens, webSearches: tokens, audioIn: tokens },
    })
    expect(cost).toBe(0)
  })

  test('a name that begins as one known and goes on for ever is decided at once', () => {
    for (const word of ['-2025-01-01', '-0528', '-05-06', '-v1:0', '@20250101', '-latest']) {
      expect(isHarmlessSuffix(`${word.repeat(40)}-x`)).toBe(false)
      expect(normalise(word.repeat(40)).id.length).toBeLessThanOrEqual(word.length * 40)
      expect(usd('google', `gemini-2.5-pro${word.repeat(40)}-x`, { input: 1 })).toBeUndefined()
    }
  })

  test.each([
    ['no id', { id: '', rates: { input: 1, output: 1 } }],
    ['no rates', { id: 'm', rates: {} }],
    ['a rate in words', { id: 'm', rates: { input: '1', output: 1 } }],
    ['a fee below zero', { id: 'm', rates: { input: 1, output: 1, perRequest: { webSearch: -1 } } }],
    ['a factor that is none', { id: 'm', rates: { input: 1, output: 1, geo: { us: NaN } } }],
    [
      'a date that is none',
      { id: 'm', rates: { input: 1, output: 1 }, changes: [{ from: 'soon', input: 1, output: 1 }] },
    ],
    [
      'a weekday that is none',
      { id: 'm', rates: { input: 1, output: 1, windows: [{ hours: [], weekdays: [0], rates: {} }] } },
    ],
  ])('an entry with %s is refused, and nothing changes', (_, entry) => {
    const list = new PriceRegistry({ entries: [{ id: 'm', rates: { input: 7, output: 7 } }] })
    // What a JSON file may hold is not what the types say.
    const wrong = entry as never
    expect(() => list.register(wrong)).toThrow(PriceConfigError)
    expect(() => list.setLive('file', [wrong])).toThrow(PriceConfigError)
    expect(list.price({ provider: 'p', model: 'm', usage: usage({ input: 1e6 }) })).toMatchObject({
      usd: 7,
      source: 'registry',
    })
  })
})
