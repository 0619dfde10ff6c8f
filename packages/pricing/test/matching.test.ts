import { describe, expect, test } from 'vitest'
import { isHarmlessSuffix, normalise } from '../src/normalise.ts'
import { PriceRegistry } from '../src/index.ts'

const prices = new PriceRegistry()

test.each([
  ['anthropic', 'claude-opus-4', 15],
  ['anthropic', 'claude-opus-4-20250514', 15],
  ['anthropic', 'claude-opus-4-5', 5],
  ['anthropic', 'claude-opus-4-5-20251101', 5],
  ['anthropic', 'claude-opus-4-6', 5],
  ['anthropic', 'CLAUDE-OPUS-4-5', 5],
  ['openai', 'o1', 15],
  ['openai', 'o1-2024-12-17', 15],
  ['openai', 'o1-pro', 150],
  ['openai', 'o1-mini', 1.1],
  ['openai', 'o3', 2],
  ['openai', 'o3-pro', 20],
  ['openai', 'gpt-4o', 2.5],
  ['openai', 'gpt-4o-2024-08-06', 2.5],
  ['openai', 'gpt-4o-2024-05-13', 5],
  ['openai', 'gpt-4.1-nano-2025-04-14', 0.1],
  ['google', 'models/gemini-2.5-pro', 1.25],
  ['google', 'publishers/google/models/gemini-2.5-pro', 1.25],
  ['google', 'gemini-2.5-pro-preview-05-06', 1.25],
  ['google', 'gemini-2.0-flash-001', 0.1],
  ['google', 'gemini-2.0-flash-lite', 0.075],
  ['gemini', 'gemini-3.5-flash', 1.5],
  ['mistral', 'mistral-large-latest', 0.5],
  ['ollama', 'qwen3:8b', 0],
  ['ollama', 'anything at all', 0],
])('%s/%s costs %d for a million tokens of input', (provider, model, input) => {
  expect(prices.lookup(provider, model)?.input).toBe(input)
})

test.each([
  ['anthropic', 'claude-opus-4-9'],
  ['anthropic', 'claude-sonnet-5-5'],
  ['anthropic', 'claude-opus-4-5-mini'],
  ['openai', 'gpt-4o-audio'],
  ['openai', 'gpt-4o-nano'],
  ['openai', 'gpt-4'.slice(0, 3)],
  ['openai', 'o1-ultra'],
  ['google', 'gemini-2.5-pro-tts'],
  ['google', 'gemini-2.5-flash-image'],
  ['google', 'gemini-2.5-flash-preview-tts'],
  ['ollama', 'gpt-oss:120b-cloud'],
  ['ollama', 'glm-4.6:cloud'],
  ['azure', 'gpt-4o'],
  ['openai', 'claude-opus-4-5'],
  ['openai', '__proto__'],
  ['constructor', 'gpt-4o'],
])('%s/%s is not taken for another model', (provider, model) => {
  expect(prices.lookup(provider, model)).toBeUndefined()
})

test('a free variant of any model is known to cost nothing', () => {
  expect(prices.lookup('openrouter', 'meta-llama/llama-4:free')).toEqual({ input: 0, output: 0 })
})

test('the vendor decides where the provider has another name', () => {
  const usage = { input: 1e6, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 0, reasoning: 0, total: 1e6 }
  expect(prices.price({ provider: 'openai-eu', vendor: 'openai', model: 'gpt-4o', usage }).usd).toBe(2.5)
  expect(prices.price({ provider: 'openai-eu', model: 'gpt-4o', usage }).priced).toBe(false)
  expect(prices.price({ provider: 'openai-eu', vendor: 'xai', model: 'gpt-4o', usage }).priced).toBe(false)
})

describe('how a model was found', () => {
  const usage = { input: 1, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 0, reasoning: 0, total: 1 }
  const list = new PriceRegistry({
    entries: [{ provider: 'a', id: 'M-1', aliases: ['one'], prefixes: ['m-1'], rates: { input: 1, output: 1 } }],
  })
  test.each([
    ['M-1', 'exact'],
    ['m-1', 'exact'],
    ['one', 'alias'],
    ['models/m-1-20260101', 'normalised'],
    ['m-1-preview-0528', 'prefix'],
  ])('%s: %s', (model, how) => {
    const price = list.price({ provider: 'a', model, usage })
    expect(price).toMatchObject({ matched: { id: 'M-1', how }, source: 'registry' })
  })
})

test.each([
  ['models/x', 'x', undefined],
  ['projects/p/locations/l/publishers/v/models/x@20250101', 'x', undefined],
  ['arn:aws:bedrock:us-east-1:1:inference-profile/us.v.x-v1:0', 'v.x', 'us'],
  ['eu.v.x-20250101-v2:0', 'v.x', 'eu'],
  ['x-latest', 'x', undefined],
  ['x@latest', 'x', undefined],
  ['x-2025-01-01', 'x', undefined],
  ['a/x:nitro', 'a/x', undefined],
  ['x-mini', 'x-mini', undefined],
  ['x-5', 'x-5', undefined],
  ['x-0528', 'x-0528', undefined],
])('%s is the same as %s', (id, plain, geo) => {
  expect(normalise(id)).toEqual(geo === undefined ? { id: plain } : { id: plain, geo })
})

test('an alias never takes the name of a model, whatever their order', () => {
  const a = { provider: 'p', id: 'a', rates: { input: 1, output: 1 } }
  const b = { provider: 'p', id: 'b', aliases: ['a', 'B2'], rates: { input: 2, output: 2 } }
  for (const entries of [
    [a, b],
    [b, a],
  ]) {
    const prices = new PriceRegistry({ entries })
    expect(['a', 'b', 'b2'].map((id) => prices.lookup('p', id)?.input)).toEqual([1, 2, 2])
    expect(prices.info().entries).toBe(2)
  }
})

test('sizes, tiers and bare numbers after a prefix name another model', () => {
  const others = ['mini', 'nano', 'pro', 'lite', 'flash', 'high', 'turbo', 'audio', 'image', 'codex', '5', '4-1', '32k']
  expect(others.filter((word) => isHarmlessSuffix(`-${word}`))).toEqual([])
  const same = ['latest', '20250101', '2025-01-01', 'preview-05-06', '001', 'exp', '0528']
  expect(same.filter((word) => !isHarmlessSuffix(`-${word}`))).toEqual([])
  expect(isHarmlessSuffix('')).toBe(true)
})

test('a long id of hyphens and digits is decided at once', () => {
  const id = `gemini-2.5-pro${'-0528'.repeat(20_000)}-x`
  expect(prices.lookup('google', id)).toBeUndefined()
})
