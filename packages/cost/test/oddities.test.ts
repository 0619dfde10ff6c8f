import { describe, expect, test } from 'vitest'
import type { Settlement } from '@wayfare/core'
import { ask, cost, spend, trackerOf } from './setup.ts'

async function settled(settlement: Settlement, model = 'm') {
  const { tracker } = trackerOf({ limits: { global: { hard: 10 } }, allowUnpriced: true })
  const one = ask(1, { model })
  await tracker.reserve(one)
  await tracker.dispatch(one.attemptId)
  await tracker.settle(one.attemptId, settlement)
  return tracker
}

const usageOf = (input: number, output: number): Settlement['usage'] => ({
  input,
  output,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  reasoning: 0,
  total: input + output,
})

test('what nobody knows the price of is counted by requests and tokens, and its models are named', async () => {
  const tracker = await settled(cost(undefined, { usage: usageOf(20, 5) }), 'mystery')
  expect(tracker.unpriced).toEqual({ requests: 1, tokens: 25, models: ['p/mystery'] })
  const late = ask(1, { model: 'mystery' })
  await tracker.reserve(late)
  await tracker.void(late.attemptId)
  // A vendor that reports a cost has a price after all.
  const told = ask(1, { model: 'mystery' })
  await tracker.reserve(told)
  await tracker.settle(told.attemptId, cost(1, { pricingSource: 'provider' }))
  expect(tracker.unpriced).toEqual({ requests: 1, tokens: 25, models: ['p/mystery'] })
  expect((await tracker.global()).unpriced).toBe(1)
})

test('a model that lost its price meanwhile is counted without its name', async () => {
  expect((await settled(cost(undefined))).unpriced).toEqual({ requests: 1, tokens: 0, models: [] })
})

test('attempts that are never heard of again are not remembered for ever', async () => {
  const { tracker } = trackerOf()
  const first = ask(1, { model: 'mystery' })
  await tracker.reserve(first)
  for (let i = 0; i < 10_000; i++) await tracker.reserve(ask(1, { model: 'mystery' }))
  await tracker.settle(first.attemptId, cost(undefined))
  expect(tracker.unpriced).toMatchObject({ requests: 1, models: [] })
})

test('overruns are counted, and by how much', async () => {
  const tracker = await settled(cost(3, { overrunUsd: 2 }))
  expect(tracker.overruns).toEqual({ requests: 1, usd: 2 })
  await spend(tracker, 1)
  expect(tracker.overruns).toEqual({ requests: 1, usd: 2 })
})

test('odd figures that the router was told are counted', async () => {
  const tracker = await settled(cost(1, { problems: ['reasoning exceeds output', 'input is not a token count'] }))
  expect(tracker.anomalies).toEqual({
    requests: 1,
    problems: ['input is not a token count', 'reasoning exceeds output'],
  })
})

describe('figures that cannot be right are put right, counted, and make no wrong sum', () => {
  test.each<[string, Partial<Record<keyof Settlement['usage'], unknown>>, unknown, object, readonly string[]]>([
    ['negative tokens', { input: -5 }, 1, { inputTokens: 0, costUsd: 1 }, ['input is not a token count']],
    ['no number of tokens', { output: Number.NaN }, 1, { outputTokens: 0 }, ['output is not a token count']],
    ['a text of tokens', { input: '12' }, 1, { inputTokens: 0, costUsd: 1 }, ['input is not a token count']],
    ['absurd tokens', { cacheRead: 1e300 }, 1, { inputTokens: 0 }, ['cacheRead is not a token count']],
    ['half a token', { input: 1.5 }, 1, { inputTokens: 2 }, []],
    ['a cost below nothing', {}, -1, { costUsd: 0, unpriced: 1 }, ['costUsd is not an amount']],
    ['a cost that is no number', {}, Number.NaN, { costUsd: 0, unpriced: 1 }, ['costUsd is not an amount']],
    ['a cost as a text', {}, '1', { costUsd: 0, unpriced: 1 }, ['costUsd is not an amount']],
    ['a cost beyond all sense', {}, 1e300, { costUsd: 1e6 }, ['costUsd is beyond 1000000 USD']],
  ])('%s', async (_, usage, costUsd, figures, problems) => {
    const odd = { ...cost(0), costUsd, usage: { ...usageOf(0, 0), ...usage } } as Settlement // what a caller without types may say
    const tracker = await settled(odd)
    expect(await tracker.global()).toMatchObject({ pendingUsd: 0, attempts: 1, ...figures })
    expect(tracker.anomalies).toEqual({ requests: problems.length, problems })
  })
})
