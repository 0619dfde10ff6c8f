import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { clouds } from '../src/clouds.ts'
import { PriceRegistry, type PriceEntry } from '../src/index.ts'
import { ListLibrary } from '../src/library.ts'
import { entryOf } from '../src/unpack.ts'
import { usage } from './usage.ts'

const day = Date.parse('2026-11-25T12:00:00Z')
const now = () => day
const million = usage({ input: 1e6 })

describe('the clouds', () => {
  const prices = new PriceRegistry({ lists: [clouds], now })
  const of = (provider: string, model: string, geo?: string) => {
    const call = { provider, model, usage: usage({ input: 100_000 }) }
    const price = prices.price(geo === undefined ? call : { ...call, geo })
    return price.priced ? [price.usd * 10, price.matched?.how] : undefined
  }

  test.each([
    ['bedrock', 'global.anthropic.claude-opus-4-7-v1:0', 5, 'normalised'],
    ['bedrock', 'us.anthropic.claude-opus-4-7-v1:0', 5.5, 'normalised'],
    ['bedrock', 'eu.anthropic.claude-haiku-4-5-20251001-v1:0', 1.1, 'normalised'],
    ['bedrock', 'global.anthropic.claude-haiku-4-5-20251001-v1:0', 1, 'normalised'],
    ['bedrock', 'anthropic.claude-opus-4-7', 5.5, 'exact'],
    ['bedrock', 'arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0', 0.06, 'normalised'],
    ['bedrock', 'global.openai.gpt-5.6-sol', 4, 'exact'],
    ['bedrock', 'openai.gpt-5.6-sol', 4.4, 'exact'],
    ['vertex', 'claude-opus-4-7@20260401', 5, 'normalised'],
    ['vertex', 'gemini-2.5-pro', 1.25, 'upstream'],
    ['vertex', 'publishers/google/models/gemini-2.5-pro', 1.25, 'upstream'],
    ['azure', 'gpt-4o', 2.5, 'upstream'],
    ['azure', 'phi-4', 0.07, 'exact'],
    ['azure', 'o3', 2, 'alias'],
  ])('%s/%s costs %d for a million tokens (%s)', (provider, model, input, how) => {
    const [usd, found] = of(provider, model) ?? []
    expect([Number(usd).toFixed(9), found]).toEqual([input.toFixed(9), how])
  })

  test.each([
    ['global', 5],
    ['us-east5', 5.5],
    ['europe-west1', 5.5],
  ])('a region of Vertex: %s', (geo, input) => {
    expect(of('vertex', 'claude-opus-4-7', geo)?.[0]).toBeCloseTo(input, 9)
  })

  test('are unknown to a registry that was not given them', () => {
    expect(new PriceRegistry().lookup('azure', 'gpt-4o')).toBeUndefined()
    expect(new PriceRegistry().lookup('bedrock', 'anthropic.claude-opus-4-7')).toBeUndefined()
  })

  test('every row is a price that can be right, under its own id', () => {
    const library = new ListLibrary(clouds)
    for (const vendor of clouds.vendors) {
      for (const model of vendor.models) {
        const { id } = entryOf(model, vendor)
        const { listing } = library.find('anybody', vendor.names[0], id) ?? {}
        expect([listing?.id, listing?.cards.length]).toEqual([id, expect.any(Number)])
      }
    }
  })

  test('stay small', () => {
    const file = readFileSync(new URL('../src/clouds.ts', import.meta.url))
    expect(file.length).toBeLessThan(15_000)
    expect(gzipSync(file).length).toBeLessThan(4_000)
  })
})

describe('prices that are inherited', () => {
  const entries: PriceEntry[] = [
    { provider: 'maker', id: 'm-1', rates: { input: 3, output: 15 } },
    { provider: 'other', id: 'm-1', rates: { input: 4, output: 4 } },
    { provider: 'gateway', id: 'maker/own', rates: { input: 9, output: 9 } },
  ]
  const make = (inheritFrom?: Record<string, readonly string[]>) => new PriceRegistry({ entries, inheritFrom, now })
  const of = (prices: PriceRegistry, model: string, provider = 'gateway') => {
    const price = prices.price({ provider, model, usage: million })
    return price.priced ? [price.usd, price.matched?.how] : undefined
  }

  test('without being asked for, nothing is inherited', () => {
    expect(of(make(), 'maker/m-1')).toBeUndefined()
    expect(of(make(), 'm-1')).toBeUndefined()
  })

  test('an id is looked for at the vendors in their order, and one with an author at the author', () => {
    const prices = make({ gateway: ['other', 'maker'] })
    expect(of(prices, 'm-1')).toEqual([4, 'upstream'])
    expect(of(prices, 'maker/m-1')).toEqual([3, 'upstream'])
    expect(of(prices, 'Maker/m-1-20260101')).toEqual([3, 'upstream'])
    expect(of(prices, 'stranger/m-1')).toBeUndefined()
    expect(of(prices, 'maker/m-2')).toBeUndefined()
  })

  test('a price of its own goes first', () => {
    expect(of(make({ gateway: ['maker'] }), 'maker/own')).toEqual([9, 'exact'])
  })

  test('a pinned registry inherits too', () => {
    const pinned = make({ gateway: ['maker'] }).pin()
    expect(pinned.price({ provider: 'gateway', model: 'm-1', usage: million }).usd).toBe(3)
  })
})

describe('catalogues that were fetched', () => {
  const live: PriceEntry[] = [{ provider: 'v', id: 'm', rates: { input: 2, output: 2 } }]
  const make = () => new PriceRegistry({ entries: [{ provider: 'v', id: 'm', rates: { input: 1, output: 1 } }], now })
  const of = (prices: PriceRegistry, call = {}) => {
    const price = prices.price({ provider: 'v', model: 'm', usage: million, ...call })
    return [price.source, price.usd]
  }

  test('go before the price list and after what was registered', () => {
    const prices = make()
    prices.setLive('c', live)
    expect(of(prices)).toEqual(['live', 2])
    prices.register({ provider: 'v', id: 'm', rates: { input: 3, output: 3 } })
    expect(of(prices)).toEqual(['override', 3])
  })

  test('replace the one of the same name, and can be taken out', () => {
    const prices = make()
    prices.setLive('c', live)
    prices.setLive('c', [{ provider: 'v', id: 'n', rates: { input: 5, output: 5 } }])
    expect(of(prices)).toEqual(['registry', 1])
    expect(of(prices, { model: 'n' })).toEqual(['live', 5])
    prices.setLive('c', undefined)
    expect(of(prices, { model: 'n' })).toEqual(['unknown', undefined])
  })

  test('are of vendors, whatever a provider is called', () => {
    const prices = make()
    prices.setLive('c', live)
    expect(of(prices, { provider: 'mine', vendor: 'v' })).toEqual(['live', 2])
    expect(of(prices, { provider: 'v', vendor: 'w' })).toEqual(['registry', 1])
  })

  test('are as old as the day on which they came', () => {
    let time = day
    const prices = new PriceRegistry({ entries: [], now: () => time })
    prices.setLive('c', live)
    const price = (at: number) => prices.price({ provider: 'v', model: 'm', usage: million, at })
    expect(price(day)).toMatchObject({ priceDate: '2026-11-25', stale: false })
    time += 61 * 86_400_000
    expect(price(time)).toMatchObject({ priceDate: '2026-11-25', stale: true })
    expect(prices.info().live).toMatchObject([{ source: 'c', ageDays: 61, stale: true, entries: 1 }])
  })
})

describe('what a registry tells of itself', () => {
  test('the bundled list: its source, version, age and size', () => {
    const { generatedAt = '' } = new PriceRegistry().info()
    const after = (days: number) => Date.parse(generatedAt) + days * 86_400_000
    const info = (days: number) => new PriceRegistry({ lists: [clouds], now: () => after(days) }).info()
    expect(info(7)).toMatchObject({
      source: '@pydantic/genai-prices',
      sourceVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      generatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      ageDays: 7,
      stale: false,
      entries: expect.any(Number),
      lists: [{ entries: expect.any(Number), stale: false }],
      live: [],
      registered: 0,
    })
    expect([info(59).stale, info(60).stale]).toEqual([false, true])
  })

  test('a list of one’s own has no age', () => {
    const prices = new PriceRegistry({ entries: [{ id: 'm', aliases: ['n'], rates: { input: 1, output: 1 } }] })
    prices.register({ id: 'x', rates: { input: 1, output: 1 } })
    prices.register({ provider: 'p', id: 'x', rates: { input: 1, output: 1 } })
    expect(prices.info()).toEqual({
      source: 'given in code',
      stale: false,
      entries: 1,
      lists: [],
      live: [],
      registered: 2,
    })
  })
})

describe('a price as an object', () => {
  const prices = new PriceRegistry({
    entries: [{ id: 'm', rates: { input: 1, output: 2 }, checked: '2026-11-01' }],
    now,
  })
  const of = usage({ input: 10, output: 5 })
  const price = prices.price({ provider: 'p', model: 'm', usage: of })
  const whole = {
    priced: true,
    usd: 0.00002,
    pico: 20_000_000,
    source: 'registry',
    stale: false,
    priceDate: '2026-11-01',
    matched: { id: 'm', how: 'exact' },
    breakdown: [
      { component: 'input', quantity: 10, usdPerMTok: 1, pico: 10_000_000 },
      { component: 'output', quantity: 5, usdPerMTok: 2, pico: 10_000_000 },
    ],
  }

  test('has its breakdown as JSON and on a console, too', () => {
    expect(price).toMatchObject(whole)
    expect(JSON.parse(JSON.stringify(price))).toEqual(whole)
    expect(inspect(price)).toContain('breakdown')
  })

  test('does not change with the usage it was made of', () => {
    const figures = { ...of, input: 10 }
    const early = prices.price({ provider: 'p', model: 'm', usage: figures })
    figures.input = 1_000_000
    expect(early).toMatchObject(whole)
  })
})

test('images, and audio that was read from a cache, have rates of their own', () => {
  const rates = { input: 1, output: 2, cacheRead: 0.1, audioIn: 10, cacheReadAudio: 3, imageIn: 5, imageOut: 40 }
  const list = new PriceRegistry({ entries: [{ id: 'm', rates }] })
  const price = list.price({
    provider: 'p',
    model: 'm',
    usage: usage({
      input: 100,
      audioIn: 20,
      imageIn: 30,
      cacheRead: 50,
      cacheReadAudio: 10,
      output: 60,
      reasoning: 5,
      imageOut: 25,
    }),
  })
  expect(
    price.priced && price.breakdown.map(({ component, quantity, usdPerMTok }) => [component, quantity, usdPerMTok]),
  ).toEqual([
    ['input', 50, 1],
    ['audio_input', 20, 10],
    ['image_input', 30, 5],
    ['cache_read', 40, 0.1],
    ['cache_read_audio', 10, 3],
    ['output', 30, 2],
    ['reasoning', 5, 2],
    ['image_output', 25, 40],
  ])
})
