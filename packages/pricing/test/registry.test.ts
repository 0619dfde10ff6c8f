import type { Pricing } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { PriceConfigError, PriceRegistry, type RateCard } from '../src/index.ts'
import { usage } from './usage.ts'

const million = usage({ input: 1e6 })

describe('the order of sources', () => {
  const make = () => new PriceRegistry({ entries: [{ provider: 'p', id: 'm', rates: { input: 1, output: 1 } }] })
  const sourceOf = (prices: PriceRegistry, more = {}) => {
    const price = prices.price({ provider: 'p', model: 'm', usage: million, ...more })
    return [price.source, price.usd]
  }

  test('the price list', () => expect(sourceOf(make())).toEqual(['registry', 1]))

  test('what was registered for all goes before the list', () => {
    const prices = make()
    prices.register({ id: 'm', rates: { input: 2, output: 2 } })
    expect(sourceOf(prices)).toEqual(['override', 2])
  })

  test('what was registered for the vendor goes before that, and for the name before both', () => {
    const prices = make()
    prices.register({ id: 'm', rates: { input: 2, output: 2 } })
    prices.register({ provider: 'v', id: 'm', rates: { input: 3, output: 3 } })
    expect(sourceOf(prices, { vendor: 'v' })).toEqual(['override', 3])
    prices.register({ provider: 'p', id: 'm', rates: { input: 4, output: 4 } })
    expect(sourceOf(prices, { vendor: 'v' })).toEqual(['override', 4])
  })

  test('a reported cost goes before everything, and zero is a cost', () => {
    const prices = make()
    expect(sourceOf(prices, { reportedUsd: 0.5 })).toEqual(['provider', 0.5])
    expect(sourceOf(prices, { reportedUsd: 0 })).toEqual(['provider', 0])
  })

  test.each([-1, NaN, Infinity, 1e300, 1_000_001])('a reported cost of %d is ignored', (reportedUsd) => {
    expect(sourceOf(make(), { reportedUsd })).toEqual(['registry', 1])
  })

  test('the fallback rate comes last, and can be taken away', () => {
    const prices = new PriceRegistry({ entries: [], fallbackRate: { input: 7, output: 7 } })
    expect(sourceOf(prices)).toEqual(['fallback', 7])
    prices.setFallbackRate(undefined)
    expect(prices.price({ provider: 'p', model: 'm', usage: million })).toEqual({ priced: false, source: 'unknown' })
  })
})

test('entries replace the bundled list; register adds to it', () => {
  expect(new PriceRegistry({ entries: [] }).lookup('openai', 'gpt-4o')).toBeUndefined()
  const prices = new PriceRegistry()
  prices.register({ provider: 'openai', id: 'my-model', rates: { input: 1, output: 2 } })
  expect(prices.lookup('openai', 'my-model')).toEqual({ input: 1, output: 2 })
  expect(prices.lookup('openai', 'gpt-4o')).toEqual({ input: 2.5, output: 10, cacheRead: 1.25 })
})

test('of the prefixes that were registered the longest wins, whatever follows it', () => {
  const prices = new PriceRegistry({ entries: [] })
  prices.registerPrefix('gpt-', { input: 1, output: 1 })
  prices.registerPrefix('gpt-4o', { input: 2, output: 2 })
  prices.registerPrefix('gpt-4o', { input: 3, output: 3 }, { provider: 'mine' })
  expect(prices.lookup('any', 'gpt-4o-audio')?.input).toBe(2)
  expect(prices.lookup('any', 'gpt-5')?.input).toBe(1)
  expect(prices.lookup('mine', 'GPT-4o-x')?.input).toBe(3)
  expect(prices.lookup('mine', 'gpt-5')?.input).toBe(1)
})

test('registering takes effect for a model that was asked for before', () => {
  const prices = new PriceRegistry({ entries: [] })
  expect(prices.lookup('p', 'm')).toBeUndefined()
  prices.register({ id: 'm', rates: { input: 1, output: 1 } })
  expect(prices.lookup('p', 'm')?.input).toBe(1)
  prices.register({ id: 'm', rates: { input: 2, output: 1 } })
  expect(prices.lookup('p', 'm')?.input).toBe(2)
})

test('strangers who name ever new models do not change the answers', () => {
  const prices = new PriceRegistry()
  for (let i = 0; i < 10_000; i++) prices.lookup(`p${i % 7}`, `m${i}`)
  expect(prices.lookup('openai', 'gpt-4o')?.input).toBe(2.5)
})

describe('missing rates have stand-ins, and the lines say so', () => {
  const priced = (rates: RateCard, figures: Parameters<typeof usage>[0]) => {
    const price = new PriceRegistry({ entries: [{ id: 'm', rates }] }).price({
      provider: 'p',
      model: 'm',
      usage: usage(figures),
    })
    return price.priced ? price.breakdown : []
  }
  test.each([
    ['cache reads cost input', { input: 3, output: 15 }, { cacheRead: 10 }, 'cache_read', 3],
    ['cache writes cost input', { input: 3, output: 15 }, { cacheWrite: 10 }, 'cache_write', 3],
    [
      'writes for an hour cost what writes cost',
      { input: 3, output: 15, cacheWrite: 1 },
      { cacheWrite1h: 10 },
      'cache_write_1h',
      1,
    ],
    [
      'or twice the input where writes are dearer',
      { input: 3, output: 15, cacheWrite: 3.75 },
      { cacheWrite1h: 10 },
      'cache_write_1h',
      6,
    ],
    ['reasoning costs output', { input: 3, output: 15 }, { output: 10, reasoning: 10 }, 'reasoning', 15],
    ['audio costs text', { input: 3, output: 15 }, { input: 10, audioIn: 10 }, 'audio_input', 3],
  ])('%s', (_, rates, figures, component, usdPerMTok) => {
    expect(priced(rates, figures)).toEqual([
      { component, quantity: 10, usdPerMTok, pico: usdPerMTok * 1e7, assumed: true },
    ])
  })
  test('a rate that is given is not marked', () => {
    expect(priced({ input: 3, output: 15, cacheRead: 0 }, { cacheRead: 10 })).toEqual([
      { component: 'cache_read', quantity: 10, usdPerMTok: 0, pico: 0 },
    ])
  })
  test('figures that contradict each other never make a line negative', () => {
    const lines = priced({ input: 3, output: 15 }, { input: 5, audioIn: 9, output: 4, reasoning: 7, audioOut: 2 })
    expect(lines.map(({ component, quantity }) => [component, quantity])).toEqual([
      ['audio_input', 5],
      ['reasoning', 4],
    ])
  })
})

describe('context tiers', () => {
  const tiers = [
    { above: 200, rates: { input: 2, cacheRead: 0.2, output: 20 } },
    { above: 400, inclusive: true, rates: { input: 4 } },
  ]
  const prices = new PriceRegistry({ entries: [{ id: 'm', rates: { input: 1, output: 10, cacheRead: 0.1, tiers } }] })
  test.each([
    [{ input: 200 }, 200e6],
    [{ input: 201 }, 402e6],
    [{ input: 101, cacheRead: 100, output: 10 }, 202e6 + 20e6 + 200e6],
    [{ input: 399 }, 798e6],
    [{ input: 400 }, 1600e6],
    [{ cacheRead: 400, output: 1 }, 40e6 + 10e6],
  ])('%j', (figures, pico) => {
    const { usd } = prices.price({ provider: 'p', model: 'm', usage: usage(figures) })
    expect(Math.round((usd ?? NaN) * 1e12)).toBe(pico)
  })
})

describe('service tiers and regions', () => {
  const rates: RateCard = {
    input: 3,
    output: 10,
    serviceTiers: { flex: 0.5, priority: { input: 6, output: 20 } },
    geo: { us: 1.1 },
    tiers: [{ above: 2e6, rates: { input: 5 } }],
  }
  const prices = new PriceRegistry({ entries: [{ id: 'm', rates }] })
  test.each([
    ['the plain rates', {}, 3],
    ['a factor', { serviceTier: 'flex' }, 1.5],
    ['rates of its own', { serviceTier: 'priority' }, 6],
    ['a tier that nobody listed', { serviceTier: 'turbo' }, 3],
    ['a region, without noise in the last digits', { geo: 'us' }, 3.3],
    ['a region without a factor', { geo: 'eu' }, 3],
    ['both', { geo: 'us', serviceTier: 'flex' }, 1.65],
  ])('%s', (_, more, usd) => {
    expect(prices.price({ provider: 'p', model: 'm', usage: million, ...more }).usd).toBe(usd)
  })
  test('the tier that served goes before the one that was asked for', () => {
    const served = usage({ input: 1e6, serviceTier: 'flex' })
    expect(prices.price({ provider: 'p', model: 'm', usage: served, serviceTier: 'priority' }).usd).toBe(1.5)
  })
  test('a factor holds for long prompts too', () => {
    const long = usage({ input: 3e6, serviceTier: 'flex' })
    expect(prices.price({ provider: 'p', model: 'm', usage: long }).usd).toBe(7.5)
  })
  test('a region in the id counts', () => {
    expect(prices.price({ provider: 'p', model: 'us.m', usage: million }).usd).toBe(3.3)
  })
  test('the bundled list knows what priority costs', () => {
    const call = { provider: 'openai', model: 'gpt-5.5', usage: million, serviceTier: 'priority' }
    expect(new PriceRegistry().price({ ...call, usage: usage({ input: 1000 }) }).usd).toBe(0.0125)
  })
})

describe('prices that are pinned', () => {
  const costOf = (prices: Pricing, model = 'm') => prices.price({ provider: 'p', model, usage: million }).usd
  const make = () =>
    new PriceRegistry({
      entries: [{ id: 'listed', rates: { input: 1, output: 1 } }],
      fallbackRate: { input: 2, output: 2 },
    })

  test.each<[string, (prices: PriceRegistry) => void]>([
    ['an entry', (prices) => prices.register({ id: 'm', rates: { input: 9, output: 9 } })],
    [
      'an entry of the provider',
      (prices) => prices.register({ provider: 'p', id: 'm', rates: { input: 9, output: 9 } }),
    ],
    ['a prefix', (prices) => prices.registerPrefix('m', { input: 9, output: 9 })],
    ['a fallback rate', (prices) => prices.setFallbackRate({ input: 9, output: 9 })],
  ])('do not see %s that comes later', (_, change) => {
    const prices = make()
    prices.register({ id: 'other', rates: { input: 3, output: 3 } })
    const pinned = prices.pin()
    change(prices)
    expect([costOf(pinned), costOf(prices)]).toEqual([2, 9])
    expect([costOf(pinned, 'other'), costOf(pinned, 'listed')]).toEqual([3, 1])
    expect(costOf(prices.pin())).toBe(9)
  })

  test('are the same ones until something changes, however many models are asked for', () => {
    const prices = make()
    const pinned = prices.pin()
    for (let i = 0; i < 5_000; i++) costOf(prices, `m${i}`)
    expect(prices.pin()).toBe(pinned)
  })
})

test('a price is stale sixty days after somebody looked, and says when that was', () => {
  const prices = new PriceRegistry({ entries: [{ id: 'm', rates: { input: 1, output: 1 }, checked: '2026-01-01' }] })
  const at = (day: string) => prices.price({ provider: 'p', model: 'm', usage: million, at: Date.parse(day) })
  expect(at('2026-03-01')).toMatchObject({ stale: false, priceDate: '2026-01-01' })
  expect(at('2026-03-02')).toMatchObject({ stale: true, priceDate: '2026-01-01' })
})

test('three tokens at 0.15 cost what three times 0.15 is, whatever a float makes of it', () => {
  const prices = new PriceRegistry({ entries: [{ id: 'm', rates: { input: 0.15, output: 0.57 } }] })
  const price = prices.price({ provider: 'p', model: 'm', usage: usage({ input: 3, output: 5 }) })
  expect(price).toMatchObject({ pico: 450_000 + 2_850_000 })
})

test('hours may cross midnight', () => {
  const windows = [{ hours: [['22:00', '06:00']] as const, rates: { input: 1 } }]
  const prices = new PriceRegistry({ entries: [{ id: 'm', rates: { input: 2, output: 2, windows } }] })
  const at = (time: string) =>
    prices.price({ provider: 'p', model: 'm', usage: million, at: Date.parse(`2026-01-01T${time}Z`) }).usd
  expect([at('21:59'), at('22:00'), at('05:59'), at('06:00')]).toEqual([2, 1, 1, 2])
})

describe('a list that cannot be right is refused when it is given', () => {
  test.each<[string, RateCard]>([
    ['a negative rate', { input: -1, output: 1 }],
    ['no number', { input: NaN, output: 1 }],
    ['a missing rate', { input: 1 } as RateCard],
    ['a negative tier', { input: 1, output: 1, tiers: [{ above: 1, rates: { output: -1 } }] }],
    ['a rate above a million', { input: 1e300, output: 1 }],
    ['a rate just above a million', { input: 1, output: 1, cacheWrite1h: 1_000_001 }],
    ['a fee above a million', { input: 1, output: 1, perRequest: { webSearch: 1e7 } }],
    ['a tier above a million', { input: 1, output: 1, tiers: [{ above: 1, rates: { output: 1e308 } }] }],
    ['a factor that makes a rate above a million', { input: 1e6, output: 1, serviceTiers: { priority: 2 } }],
    ['a factor above a thousand', { input: 1, output: 1, geo: { us: 1001 } }],
    ['a negative factor', { input: 1, output: 1, serviceTiers: { flex: -0.5 } }],
    ['an hour that is none', { input: 1, output: 1, windows: [{ hours: [['9', '10']], rates: {} }] }],
    ['a zone that is none', { input: 1, output: 1, windows: [{ hours: [], zone: 'Mars/Phobos', rates: {} }] }],
  ])('%s', (_, rates) => {
    expect(() => new PriceRegistry({ entries: [{ id: 'm', rates }] })).toThrow(PriceConfigError)
  })

  test('at the highest rates a price is still a number', () => {
    const rates: RateCard = { input: 1e6, output: 1e6, perRequest: { request: 1e6, webSearch: 1e6 }, geo: { us: 1000 } }
    const prices = new PriceRegistry({ entries: [{ id: 'm', rates }], now: () => 0 })
    const of = { ...usage({ input: 1e308, output: Number.MAX_VALUE, cacheRead: 1e308, webSearches: 1e308 }), geo: 'us' }
    const price = prices.price({ provider: 'p', model: 'm', usage: of })
    expect(price.priced && Number.isFinite(price.usd) && price.breakdown.every(({ pico }) => pico < Infinity)).toBe(
      true,
    )
    expect(prices.price({ provider: 'p', model: 'm', usage: of, reportedUsd: 1e300 }).source).toBe('registry')
  })

  test('its error is one of core in every way that core asks', () => {
    const error = new PriceConfigError('x')
    expect(error).toMatchObject({ kind: 'config', isLLMError: true, retryable: false, billed: 'no', attempts: [] })
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ kind: 'config', message: 'x' })
  })
})
