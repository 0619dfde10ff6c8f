import type { Usage } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { PriceRegistry } from '../src/index.ts'
import { usage } from './usage.ts'

interface Bill {
  readonly title: string
  readonly provider: string
  readonly model: string
  readonly usage: Partial<Usage>
  readonly at?: string
  readonly pico: number
}

/** Bills of vendors, and what they came to in 1e-12 USD. */
const bills: readonly Bill[] = [
  {
    title: 'a cache write is billed once, at its own rate',
    provider: 'anthropic',
    model: 'claude-3-7-sonnet-20250219',
    usage: { input: 3, cacheWrite: 12_304, output: 550 },
    pico: 54_399_000_000,
  },
  {
    title: 'a large cache write is not billed as input too',
    provider: 'anthropic',
    model: 'claude-opus-4-7',
    usage: { input: 6, cacheWrite: 159_217, output: 2_745 },
    pico: 1_063_761_250_000,
  },
  {
    title: 'a long prompt is billed at the long rates in whole, cache and output included',
    provider: 'google',
    model: 'gemini-2.5-pro',
    usage: { input: 5_005, cacheRead: 257_955, output: 1_744 },
    pico: 103_161_250_000,
  },
  {
    title: 'reasoning is a part of the output, not more of it',
    provider: 'openai',
    model: 'gpt-5.4-pro',
    usage: { input: 14_746, output: 1_944, reasoning: 1_360 },
    pico: 792_300_000_000,
  },
  {
    title: 'web searches are billed each',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    usage: { input: 401_468, output: 792, webSearches: 10 },
    pico: 2_526_628_000_000,
  },
  {
    title: 'cache writes of a vendor that charges 1.25 times the input',
    provider: 'openai',
    model: 'gpt-5.6-sol',
    usage: { input: 8, cacheWrite: 4_012, output: 5 },
    at: '2026-08-01',
    pico: 25_265_000_000,
  },
  {
    title: 'the same at the price of three weeks later',
    provider: 'openai',
    model: 'gpt-5.6-sol',
    usage: { input: 8, cacheWrite: 4_012, output: 5 },
    at: '2026-08-21',
    pico: 8 * 4e6 + 4_012 * 5e6 + 5 * 20e6,
  },
  {
    title: 'cached tokens are billed once, at the cached rate',
    provider: 'google',
    model: 'gemini-3-flash-preview',
    usage: { input: 20_212 - 16_298, cacheRead: 16_298, output: 931 },
    pico: 5_564_900_000,
  },
  {
    title: 'the passes of a compaction add up',
    provider: 'anthropic',
    model: 'claude-sonnet-4-6',
    usage: { input: 280, cacheWrite: 55_096, output: 90 },
    pico: 208_800_000_000,
  },
  {
    title: 'writes that live for an hour have their own rate',
    provider: 'anthropic',
    model: 'claude-haiku-4-5',
    usage: { cacheWrite: 1_000, cacheWrite1h: 1_000 },
    pico: 1_000 * 1.25e6 + 1_000 * 2e6,
  },
  {
    title: 'a fee for the request is added',
    provider: 'perplexity',
    model: 'sonar-pro',
    usage: { input: 100, output: 100 },
    pico: 100 * 3e6 + 100 * 15e6 + 14e9,
  },
  {
    title: 'reasoning may have a rate of its own',
    provider: 'perplexity',
    model: 'sonar-deep-research',
    usage: { output: 100, reasoning: 40 },
    pico: 60 * 8e6 + 40 * 3e6,
  },
]

describe('bills of vendors, to the pico-USD', () => {
  const prices = new PriceRegistry({ now: () => Date.parse('2026-11-25') })
  test.each(bills.map((bill) => [`${bill.title}: ${bill.pico} pico-USD`, bill] as const))(
    '%s',
    (_, { provider, model, usage: figures, at, pico }) => {
      const call = { provider, model, usage: usage(figures) }
      const price = prices.price(at === undefined ? call : { ...call, at: Date.parse(at) })
      expect(price).toMatchObject({ priced: true, pico, usd: pico / 1e12, source: 'registry' })
    },
  )
})

describe('hours', () => {
  const prices = new PriceRegistry()
  test.each([
    ['peak in Beijing', '2026-11-25T01:00:00Z', 0.3],
    ['the last minute of it', '2026-11-25T03:59:59Z', 0.3],
    ['noon in Beijing', '2026-11-25T04:00:00Z', 0.15],
    ['the second peak', '2026-11-25T06:30:00Z', 0.3],
    ['evening', '2026-11-25T10:00:00Z', 0.15],
    ['Saturday, at the hour of the peak', '2026-11-28T01:00:00Z', 0.15],
    ['Sunday evening UTC, Monday before the peak in Beijing', '2026-11-29T23:00:00Z', 0.15],
    ['Monday', '2026-11-30T01:00:00Z', 0.3],
  ])('%s (%s): %d', (_, at, rate) => {
    const price = prices.price({
      provider: 'deepseek',
      model: 'deepseek-flash',
      usage: usage({ input: 1e6 }),
      at: Date.parse(at),
    })
    expect(price.usd).toBe(rate)
  })

  test('a price list of the past is used for calls of the past', () => {
    const of = (at: string) =>
      prices.price({
        provider: 'deepseek',
        model: 'deepseek-v4-flash',
        usage: usage({ input: 1e6 }),
        at: Date.parse(at),
      }).usd
    expect(of('2026-08-01T01:00:00Z')).toBe(0.14)
    // A Saturday, before weekends became cheap.
    expect(of('2026-08-22T01:00:00Z')).toBe(0.44)
    expect(of('2026-08-29T01:00:00Z')).toBe(0.22)
    expect(of('2026-09-12T01:00:00Z')).toBe(0.15)
  })
})
