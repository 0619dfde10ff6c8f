import { expect, test } from 'vitest'
import { PriceRegistry } from '../src/index.ts'

const prices = new PriceRegistry({ now: () => Date.parse('2026-11-25') })
const of = (provider: string, model: string, inputTokens: number, maxOutputTokens?: number, serviceTier?: string) => {
  const call = { provider, model, inputTokens, ...(serviceTier !== undefined && { serviceTier }) }
  return prices.bounds(maxOutputTokens === undefined ? call : { ...call, maxOutputTokens })
}

test('the most is all input at the dearest of its rates, and all the output', () => {
  // Writes for an hour cost twice the input.
  expect(of('anthropic', 'claude-haiku-4-5', 1e6, 1e6)).toEqual({ minUsd: 0.1, maxUsd: 2 + 5 })
  expect(of('openai', 'gpt-4o', 1e6, 0)).toEqual({ minUsd: 1.25, maxUsd: 2.5 })
})

test('a prompt that may be long is bounded by the long rates', () => {
  expect(of('google', 'gemini-2.5-pro', 200_000, 1e6)?.maxUsd).toBe(0.25 + 10)
  expect(of('google', 'gemini-2.5-pro', 200_001, 1e6)?.maxUsd).toBeCloseTo(0.5000025 + 15, 9)
})

test('the dearest hours count', () => {
  expect(of('deepseek', 'deepseek-flash', 1e6, 0)?.maxUsd).toBe(0.3)
})

test('a service tier counts when it is asked for', () => {
  expect(of('openai', 'gpt-5', 1e6, 0, 'default')?.maxUsd).toBe(1.25)
  expect(of('openai', 'gpt-5', 1e6, 0, 'priority')?.maxUsd).toBe(2.5)
  expect(of('openai', 'gpt-5', 1e6, 0, 'nonsense')?.maxUsd).toBe(1.25)
})

test('a tier that is asked for may be declined: the plain rates bound it, too', () => {
  expect(of('openai', 'gpt-5', 1e6, 1e6, 'flex')).toEqual({ minUsd: 0.0625, maxUsd: 1.25 + 10 })
  expect(of('openai', 'gpt-5', 1e6, 1e6, 'priority')).toEqual({ minUsd: 0.125, maxUsd: 2.5 + 20 })
})

test('where the vendor chooses the tier, the dearest bounds the most, and the least is plain', () => {
  for (const tier of [undefined, 'auto'])
    expect(of('openai', 'gpt-5', 1e6, 0, tier)).toEqual({ minUsd: 0.125, maxUsd: 2.5 })
  const rates = {
    input: 1,
    output: 1,
    serviceTiers: { priority: { input: 3, tiers: [{ above: 10, rates: { input: 7 } }] } },
  }
  const own = new PriceRegistry({ entries: [{ id: 'm', rates }], now: () => 0 })
  const most = (inputTokens: number) =>
    own.bounds({ provider: 'p', model: 'm', inputTokens, maxOutputTokens: 0 })?.maxUsd
  expect([most(10), most(1e6)]).toEqual([30e-6, 7])
})

test('fees of the request count', () => {
  expect(of('perplexity', 'sonar', 0, 0)).toEqual({ minUsd: 0.012, maxUsd: 0.012 })
})

test('without a maximum nothing bounds the answer, unless it is free', () => {
  expect(of('openai', 'gpt-4o', 1)?.maxUsd).toBe(Infinity)
  expect(of('ollama', 'qwen3:8b', 1)).toEqual({ minUsd: 0, maxUsd: 0 })
})

test('an unknown model has no bounds', () => {
  expect(of('openai', 'gpt-99', 1, 1)).toBeUndefined()
})
