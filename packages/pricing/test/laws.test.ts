import type { Usage } from '@wayfare/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PriceRegistry, type RateCard } from '../src/index.ts'
import { usage } from './usage.ts'

const rate = fc.integer({ min: 0, max: 200_000_000 }).map((millionths) => millionths / 1e6)
const tokens = fc.integer({ min: 0, max: 2_000_000 })
const maybeRate = fc.option(rate, { nil: undefined })

const card: fc.Arbitrary<RateCard> = fc
  .record({
    input: rate,
    output: rate,
    cacheRead: maybeRate,
    cacheWrite: maybeRate,
    cacheWrite1h: maybeRate,
    reasoning: maybeRate,
    above: tokens,
    factor: fc.integer({ min: 1, max: 4 }),
    webSearch: maybeRate,
    request: maybeRate,
  })
  .map(({ above, factor, webSearch, request, ...rates }) => ({
    ...rates,
    tiers: [
      { above, rates: Object.fromEntries(Object.entries(rates).map(([key, value]) => [key, value && value * factor])) },
    ],
    perRequest: { webSearch, request },
  }))

const figures: fc.Arbitrary<Usage> = fc
  .record({
    input: tokens,
    cacheRead: tokens,
    cacheWrite: tokens,
    cacheWrite1h: tokens,
    output: tokens,
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ share, ...rest }) => usage({ ...rest, reasoning: Math.floor(rest.output * share) }))

function priceOf(rates: RateCard, of: Usage) {
  const price = new PriceRegistry({ entries: [{ id: 'm', rates }] }).price({
    provider: 'p',
    model: 'm',
    usage: of,
    at: 0,
  })
  if (!price.priced) throw new Error('the entry was not found')
  return price
}

test('a price is an integer of pico-USD, never negative, and the sum of its lines', () => {
  fc.assert(
    fc.property(card, figures, (rates, of) => {
      const { pico, breakdown } = priceOf(rates, of)
      expect(Number.isInteger(pico)).toBe(true)
      expect(pico).toBeGreaterThanOrEqual(0)
      expect(breakdown.reduce((sum, line) => sum + line.pico, 0)).toBe(pico)
      for (const line of breakdown) expect(line.pico).toBeGreaterThanOrEqual(0)
    }),
  )
})

test('more tokens never cost less', () => {
  const kinds = ['input', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'output'] as const
  fc.assert(
    fc.property(card, figures, fc.constantFrom(...kinds), tokens, (rates, of, kind, more) => {
      expect(priceOf(rates, usage({ ...of, [kind]: of[kind] + more })).pico).toBeGreaterThanOrEqual(
        priceOf(rates, of).pico,
      )
    }),
  )
})

test('every price lies within the bounds of its request', () => {
  fc.assert(
    fc.property(card, figures, tokens, tokens, (rates, of, moreInput, moreOutput) => {
      const prices = new PriceRegistry({ entries: [{ id: 'm', rates }], now: () => 0 })
      const prompt = of.input + of.cacheRead + of.cacheWrite + of.cacheWrite1h
      const target = { provider: 'p', model: 'm' }
      const { usd } = priceOf(rates, of)
      const loose = prices.bounds({
        ...target,
        inputTokens: prompt + moreInput,
        maxOutputTokens: of.output + moreOutput,
      })
      const exact = prices.bounds({ ...target, inputTokens: prompt, maxOutputTokens: of.output })
      expect(usd).toBeLessThanOrEqual((loose?.maxUsd ?? NaN) * (1 + 1e-12) + 1e-12)
      expect(usd).toBeLessThanOrEqual((exact?.maxUsd ?? NaN) * (1 + 1e-12) + 1e-12)
      expect(usd).toBeGreaterThanOrEqual((exact?.minUsd ?? NaN) * (1 - 1e-12) - 1e-12)
    }),
  )
})

test('whatever a model is called, asking for it does not throw', () => {
  const prices = new PriceRegistry()
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('openai', 'google', 'ollama', '__proto__'),
      (model, provider) => {
        expect(() => prices.lookup(provider, model)).not.toThrow()
      },
    ),
  )
})
