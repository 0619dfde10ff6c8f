import type { Pricing, ReserveResult } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import type { CostTracker } from '../src/index.ts'
import { ask, cost, milliPerToken, providerRequest, spend, trackerOf } from './setup.ts'

const refused = (result: ReserveResult) => (result.ok ? undefined : result.reason)

describe('a hard limit', () => {
  test('of 1,000 calls at once with room for 100, 100 go', async () => {
    const { tracker } = trackerOf({ limits: { global: { hard: 1 } } })
    const asks = Array.from({ length: 1_000 }, () => ask(0.01))
    const results = await Promise.all(asks.map(async (one) => tracker.reserve(one)))
    expect(results.filter((result) => result.ok)).toHaveLength(100)
    expect(new Set(results.map(refused))).toEqual(new Set([undefined, 'in_flight']))
    const { costUsd, pendingUsd } = await tracker.global()
    expect([costUsd, pendingUsd]).toEqual([0, 1])
  })

  test('ten times a tenth is one, exactly', async () => {
    const { tracker } = trackerOf({ limits: { global: { hard: 1 } } })
    for (let i = 0; i < 10; i++) await spend(tracker, 0.1)
    expect(refused(await tracker.reserve(ask(0.001)))).toBe('exhausted')
    expect(await tracker.global()).toMatchObject({ costUsd: 1, attempts: 10, messages: 10 })
  })

  test('ten thousand postings of a millionth of a dollar are a hundredth, and thousands of dollars do not drown one', async () => {
    const { tracker } = trackerOf()
    const one = ask(0, { attemptId: 'again' })
    const millionth = cost(0.000001)
    for (let i = 0; i < 1e4; i++) {
      void tracker.reserve(one)
      void tracker.settle('again', millionth)
    }
    expect((await tracker.global()).costUsd).toBe(0.01)
    await tracker.record({ session: 's', costUsd: 1_000_000 })
    await tracker.record({ session: 's', costUsd: 0.000000001 })
    expect((await tracker.session('s')).costUsd).toBe(1_000_000.000000001)
  })

  test.each([
    [1e-10, 1],
    [0.0000000011, 2],
    [0.054399, 54_399_000],
    [0.1 + 0.2, 300_000_000],
    [1.06376125, 1_063_761_250],
  ])('a cost of %d is %d nano-USD: rounded up, but not by the noise of its last bits', async (usd, nano) => {
    const { tracker } = trackerOf()
    await tracker.record({ session: 's', costUsd: usd })
    expect((await tracker.global()).costUsd).toBe(nano / 1e9)
  })

  test('says why it refuses, where, and from when on it would not', async () => {
    const { tracker } = trackerOf({ limits: { session: { hard: 1, window: 'day' }, global: { hard: 5 } } })
    const of = (usd: number) => tracker.reserve(ask(usd, { session: 's' }))
    expect(await of(2)).toEqual({ ok: false, scope: { kind: 'session', id: 's' }, limitUsd: 1, reason: 'too_large' })
    const resetsAt = Date.parse('2026-03-11')
    await of(0.7)
    expect(await of(0.7)).toMatchObject({ reason: 'in_flight', resetsAt })
    await spend(tracker, 0.3, { session: 's' })
    expect(await of(0.8)).toMatchObject({ reason: 'exhausted', resetsAt })
  })

  test('of several refusals the one that waiting helps least against is told', async () => {
    const { tracker } = trackerOf({ limits: { global: { hard: 1 }, session: { hard: 0.2 } } })
    await tracker.reserve(ask(0.8))
    expect(await tracker.reserve(ask(0.3, { session: 's' }))).toMatchObject({
      reason: 'too_large',
      scope: { kind: 'session' },
    })
  })

  test('a call that any scope refuses changes none', async () => {
    const { tracker } = trackerOf({ limits: { session: { hard: 10 }, agent: { hard: 0.5 } } })
    const result = await tracker.reserve(ask(1, { session: 'a:1' }))
    expect(result).toMatchObject({ ok: false, scope: { kind: 'agent', id: 'a' } })
    expect((await tracker.global()).pendingUsd).toBe(0)
    expect((await tracker.sessions()).sessions).toEqual([])
    expect(await tracker.agents()).toEqual([])
  })

  test('what costs more than was reserved is posted in full and blocks the next call', async () => {
    const { tracker } = trackerOf({ limits: { global: { hard: 1 } } })
    const one = ask(0.5)
    await tracker.reserve(one)
    await tracker.dispatch(one.attemptId)
    await tracker.settle(one.attemptId, cost(1.5))
    expect(await tracker.global()).toMatchObject({ costUsd: 1.5, pendingUsd: 0 })
    expect(refused(await tracker.reserve(ask(0.001)))).toBe('exhausted')
  })

  test('what is free goes through a limit that is spent, and reserves nothing', async () => {
    const { tracker } = trackerOf({ limits: { global: { hard: 1 } } })
    await spend(tracker, 1)
    const over = ask(0, {})
    await tracker.reserve(over)
    await tracker.settle(over.attemptId, cost(0.5))
    expect(await tracker.reserve(ask(5, { free: true, model: 'mystery' }))).toEqual({ ok: true, amountUsd: 0 })
    expect(await tracker.global()).toMatchObject({ costUsd: 1.5, pendingUsd: 0 })
  })

  test.each([
    ['global', { global: { hard: 1 } }],
    ['agent', { agent: { hard: 1 } }],
    ['agent by name', { agents: { g: { hard: 1 } }, agent: { hard: 9 } }],
    ['session', { session: { hard: 1 } }],
    ['session by name', { sessions: { 'g:s': { hard: 1 } }, session: { hard: 9 } }],
    ['session of an agent', { agents: { g: { session: { hard: 1 } } }, session: { hard: 9 } }],
    ['provider', { providers: { p: { hard: 1 } } }],
    ['model', { models: { 'p/org/m:free': { hard: 1 } } }],
    ['tag', { tags: { team: { red: { hard: 1 } } } }],
    ['every value of a tag', { tags: { team: { '*': { hard: 1 }, blue: { hard: 9 } } } }],
  ])('holds by %s', async (_, limits) => {
    const { tracker } = trackerOf({ limits })
    const call = { session: 'g:s', model: 'org/m:free', tags: { team: 'red', other: 'x' } }
    await spend(tracker, 0.6, call)
    expect(refused(await tracker.reserve(ask(0.6, call)))).toBe('exhausted')
    const elsewhere = await tracker.reserve(ask(0.6, { session: 'h:s', provider: 'q', tags: { team: 'blue' } }))
    expect(elsewhere.ok).toBe(!('global' in limits))
  })

  test('without a limit nothing is refused and nothing can be overrun', async () => {
    const { tracker } = trackerOf({ limits: { sessions: { other: { hard: 1 } } } })
    expect(await tracker.reserve(ask(1e6, { session: 's' }))).toEqual({ ok: true, amountUsd: Infinity })
  })

  test('may be lowered below what is spent: calls under way go on, new ones do not', async () => {
    const { tracker } = trackerOf({ limits: { global: { hard: 5 } } })
    const running = ask(1)
    await tracker.reserve(running)
    await spend(tracker, 2)
    tracker.setLimits({ kind: 'global' }, { hard: 1 })
    expect(refused(await tracker.reserve(ask(0.1)))).toBe('exhausted')
    await tracker.dispatch(running.attemptId)
    await tracker.settle(running.attemptId, cost(1))
    expect((await tracker.global()).costUsd).toBe(3)
    tracker.setLimits({ kind: 'global' }, undefined)
    expect((await tracker.reserve(ask(100))).ok).toBe(true)
  })

  test('that is set later counts what was spent before, in every window', async () => {
    const { tracker, clock } = trackerOf()
    clock.to('2026-03-09T12:00:00Z')
    await spend(tracker, 1, { session: 'g:s' })
    clock.to('2026-03-10T12:00:00Z')
    await spend(tracker, 1, { session: 'g:s' })
    const roomOf = async (window: 'day' | 'week' | 'total', hard: number) => {
      tracker.setLimits({ kind: 'agent', id: 'g' }, { hard, window })
      const one = ask(1, { session: 'g:s' })
      const { ok } = await tracker.reserve(one)
      await tracker.void(one.attemptId)
      return ok
    }
    expect([
      await roomOf('day', 2),
      await roomOf('week', 2),
      await roomOf('week', 3),
      await roomOf('total', 2.5),
    ]).toEqual([true, false, true, false])
  })
})

describe('an unknown price', () => {
  const mystery = { model: 'mystery' }
  test('is refused where any hard limit applies', async () => {
    const { tracker } = trackerOf({ limits: { session: { soft: 1 }, providers: { p: { hard: 1 } } } })
    expect(await tracker.reserve(ask(1, mystery))).toEqual({
      ok: false,
      scope: { kind: 'provider', id: 'p' },
      limitUsd: 1,
      reason: 'unpriced',
    })
    expect((await tracker.reserve(ask(1, { ...mystery, provider: 'q' }))).ok).toBe(true)
  })
  test('is refused, too, when there is no price list at all', async () => {
    const { tracker } = trackerOf({ limits: { global: { hard: 1 } }, pricing: undefined })
    expect(refused(await tracker.reserve(ask(0.1)))).toBe('unpriced')
  })
  test('may be allowed: it is counted, not guessed, and not let through a spent limit', async () => {
    const { tracker } = trackerOf({ limits: { global: { hard: 1 } }, allowUnpriced: true })
    const one = ask(1, mystery)
    expect(await tracker.reserve(one)).toEqual({ ok: true, amountUsd: Infinity })
    await tracker.settle(one.attemptId, cost(undefined))
    expect(await tracker.global()).toMatchObject({
      costUsd: 0,
      pendingUsd: 0,
      unpriced: 1,
      attempts: 1,
      pricingSources: ['unknown'],
    })
    await spend(tracker, 1)
    expect(refused(await tracker.reserve(ask(1, mystery)))).toBe('exhausted')
  })
  test.each([NaN, -1, Infinity])('a cost of %d is unknown', async (costUsd) => {
    const { tracker } = trackerOf()
    const one = ask(1)
    await tracker.reserve(one)
    await tracker.settle(one.attemptId, cost(costUsd))
    expect(await tracker.global()).toMatchObject({ costUsd: 0, unpriced: 1 })
  })
  test('a price list without bounds is asked for prices', async () => {
    const { tracker } = trackerOf({
      limits: { global: { hard: 1 } },
      pricing: {
        price: ({ usage }) => ({
          priced: true,
          usd: (usage.output + 2 * usage.cacheWrite1h) / 1000,
          pico: 0,
          source: 'registry',
          breakdown: [],
          stale: false,
        }),
      },
    })
    const request = providerRequest({
      maxOutputTokens: 100,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'x'.repeat(84) }] }],
    })
    expect(await tracker.reserve(ask(0, { request }))).toEqual({ ok: true, amountUsd: 0.3 })
  })
})

describe('the output that a request may ask for', () => {
  const unset = { request: providerRequest() }
  const wide = { global: { hard: 100 } }
  const narrow = { global: { hard: 1 } }
  test.each<[string, Parameters<typeof trackerOf>[0], Parameters<typeof ask>[1], object]>([
    [
      'is limited where the caller sets none',
      { limits: wide },
      unset,
      { ok: true, amountUsd: 16.384, maxOutputTokens: 16_384 },
    ],
    [
      'as the tracker was told',
      { limits: wide, maxOutputTokens: 500 },
      unset,
      { ok: true, amountUsd: 0.5, maxOutputTokens: 500 },
    ],
    [
      'with room to think',
      { limits: wide, maxOutputTokens: 500 },
      { request: providerRequest({ reasoning: { maxTokens: 1000 } }) },
      { ok: true, amountUsd: 1.5, maxOutputTokens: 1500 },
    ],
    ['is clamped to what is left', { limits: narrow }, unset, { ok: true, amountUsd: 1, maxOutputTokens: 1000 }],
    [
      'to whole tokens',
      { limits: { global: { hard: 1.0009 } } },
      unset,
      { ok: true, amountUsd: 1.0009, maxOutputTokens: 1000 },
    ],
    [
      'is left alone when it fits',
      { limits: wide },
      { request: providerRequest({ maxOutputTokens: 50 }) },
      { ok: true, amountUsd: 0.05 },
    ],
    [
      'is refused when the caller set it and it does not fit',
      { limits: narrow },
      { request: providerRequest({ maxOutputTokens: 5000 }) },
      { ok: false, reason: 'too_large' },
    ],
    [
      'is shrunk when the caller prefers that',
      { limits: narrow, onBudget: 'shrink' as const },
      { request: providerRequest({ maxOutputTokens: 5000 }) },
      { ok: true, amountUsd: 1, maxOutputTokens: 1000 },
    ],
    ['is not limited where nothing else is', {}, unset, { ok: true, amountUsd: Infinity }],
  ])('%s', async (_, options, changes, expected) => {
    const { tracker } = trackerOf(options)
    expect(await tracker.reserve(ask(0, changes))).toMatchObject(expected)
  })

  test('is left alone when it fits, however its price is written in floats', async () => {
    const bounds: Pricing['bounds'] = ({ inputTokens, maxOutputTokens = 0 }) => {
      const inputUsd = (inputTokens * 0.75) / 1e6
      return { minUsd: inputUsd, maxUsd: inputUsd + (maxOutputTokens * 4.5) / 1e6 }
    }
    const { tracker } = trackerOf({ limits: wide, pricing: { ...milliPerToken, bounds } })
    for (let maxOutputTokens = 1; maxOutputTokens < 2_000; maxOutputTokens++) {
      const one = ask(0, { request: providerRequest({ maxOutputTokens }) })
      expect(await tracker.reserve(one)).toEqual({ ok: true, amountUsd: expect.any(Number) })
      await tracker.void(one.attemptId)
    }
  })

  test('below sixteen tokens the call is not worth sending', async () => {
    const { tracker } = trackerOf({ limits: { global: { hard: 1 } } })
    await spend(tracker, 0.984)
    const last = ask(0, unset)
    expect(await tracker.reserve(last)).toEqual({ ok: true, amountUsd: 0.016, maxOutputTokens: 16 })
    await tracker.void(last.attemptId)
    await spend(tracker, 0.001)
    expect(refused(await tracker.reserve(ask(0, unset)))).toBe('exhausted')
  })
})

describe('onBudget: wait', () => {
  const options = { limits: { global: { hard: 1 } }, onBudget: 'wait' as const }
  async function finish(tracker: CostTracker, id: string, usd: number): Promise<void> {
    await tracker.dispatch(id)
    await tracker.settle(id, cost(usd))
  }

  test('goes as soon as a call under way leaves room', async () => {
    const { tracker } = trackerOf(options)
    const [first, second, third] = [ask(0.6), ask(0.6), ask(0.6)]
    await tracker.reserve(first)
    const waiting = Promise.resolve(tracker.reserve(second))
    const longer = Promise.resolve(tracker.reserve(third))
    await finish(tracker, first.attemptId, 0.1)
    expect(await waiting).toEqual({ ok: true, amountUsd: 0.6 })
    await tracker.void(second.attemptId)
    expect(await longer).toEqual({ ok: true, amountUsd: 0.6 })
  })

  test('gives up when the room is spent for good', async () => {
    const { tracker } = trackerOf(options)
    const first = ask(0.6)
    await tracker.reserve(first)
    const waiting = Promise.resolve(tracker.reserve(ask(0.6)))
    await finish(tracker, first.attemptId, 0.6)
    expect(refused(await waiting)).toBe('exhausted')
  })

  test('gives up when the signal aborts, and reserves nothing', async () => {
    const { tracker } = trackerOf(options)
    const first = ask(0.6)
    await tracker.reserve(first)
    const controller = new AbortController()
    const waiting = Promise.resolve(tracker.reserve(ask(0.6, { signal: controller.signal })))
    controller.abort()
    expect(refused(await waiting)).toBe('in_flight')
    await tracker.void(first.attemptId)
    expect((await tracker.global()).pendingUsd).toBe(0)
  })

  test('the first in line is not overtaken by a smaller one that waits behind it', async () => {
    const { tracker } = trackerOf(options)
    const [half, quarter] = [ask(0.5), ask(0.25)]
    await tracker.reserve(half)
    await tracker.reserve(quarter)
    const order: string[] = []
    const large = Promise.resolve(tracker.reserve(ask(0.7))).then(() => order.push('large'))
    const small = Promise.resolve(tracker.reserve(ask(0.3))).then(() => order.push('small'))
    await tracker.void(quarter.attemptId)
    await tracker.void(half.attemptId)
    await Promise.all([large, small])
    expect(order).toEqual(['large', 'small'])
  })

  test('whoever gives up lets the next one try', async () => {
    const { tracker } = trackerOf(options)
    await tracker.reserve(ask(0.5))
    const controller = new AbortController()
    const large = Promise.resolve(tracker.reserve(ask(0.7, { signal: controller.signal })))
    const other = ask(0.3)
    await tracker.reserve(other)
    const small = Promise.resolve(tracker.reserve(ask(0.4)))
    await tracker.void(other.attemptId)
    controller.abort()
    expect(refused(await large)).toBe('in_flight')
    expect((await small).ok).toBe(true)
  })

  test('a call goes from the line of one scope to that of another', async () => {
    const { tracker } = trackerOf({ onBudget: 'wait', limits: { global: { hard: 1 }, session: { hard: 0.5 } } })
    const [mine, other] = [ask(0.4, { session: 's' }), ask(0.6)]
    await tracker.reserve(mine)
    await tracker.reserve(other)
    const waiting = Promise.resolve(tracker.reserve(ask(0.3, { session: 's' })))
    await tracker.void(other.attemptId)
    const busy = Promise.resolve(tracker.reserve(ask(0.1)))
    expect((await busy).ok).toBe(true)
    await tracker.void(mine.attemptId)
    expect((await waiting).ok).toBe(true)
  })

  test('does not wait for what can never be', async () => {
    const { tracker } = trackerOf(options)
    expect(refused(await tracker.reserve(ask(2)))).toBe('too_large')
  })

  test('a limit that is raised lets them go', async () => {
    const { tracker } = trackerOf(options)
    await tracker.reserve(ask(0.6))
    const waiting = Promise.resolve(tracker.reserve(ask(0.6)))
    tracker.setLimits({ kind: 'global' }, { hard: 2 })
    expect((await waiting).ok).toBe(true)
  })

  test('a thousand calls all go in the end, and never more than fit', async () => {
    const { tracker } = trackerOf(options)
    let most = 0
    const run = async () => {
      const one = ask(0.1, { signal: new AbortController().signal })
      const result = await tracker.reserve(one)
      const { costUsd, pendingUsd } = await tracker.global()
      most = Math.max(most, costUsd + pendingUsd)
      await finish(tracker, one.attemptId, 0.0001)
      return result.ok
    }
    expect(new Set(await Promise.all(Array.from({ length: 1_000 }, run)))).toEqual(new Set([true]))
    expect(most).toBeLessThanOrEqual(1)
    expect(await tracker.global()).toMatchObject({ costUsd: 0.1, pendingUsd: 0 })
  })
})

describe('a soft limit', () => {
  test('is told from the first call beyond it, once as the first', async () => {
    const { tracker } = trackerOf({ limits: { session: { soft: 0.5 }, global: { soft: 0.8, window: 'day' } } })
    const softOf = async () => {
      const one = ask(0.3, { session: 's' })
      const result = await tracker.reserve(one)
      await tracker.settle(one.attemptId, cost(0.3))
      return result.ok ? result.soft : undefined
    }
    const session = { scope: { kind: 'session', id: 's' }, limitUsd: 0.5 }
    const global = { scope: { kind: 'global' }, limitUsd: 0.8 }
    expect(await softOf()).toBeUndefined()
    expect(await softOf()).toBeUndefined()
    expect(await softOf()).toEqual([{ ...session, spentUsd: 0.6, first: true }])
    expect(await softOf()).toEqual([
      { ...global, spentUsd: 0.9, first: true },
      { ...session, spentUsd: 0.9 },
    ])
    expect(await softOf()).toEqual([
      { ...global, spentUsd: 1.2 },
      { ...session, spentUsd: 1.2 },
    ])
  })

  test('is told anew in a new window', async () => {
    const { tracker, clock } = trackerOf({ limits: { global: { soft: 1, window: 'day' } } })
    const first = async () => {
      await spend(tracker, 1)
      const result = await tracker.reserve(ask(0))
      return result.ok && result.soft?.[0]?.first
    }
    expect([await first(), await first()]).toEqual([true, undefined])
    clock.to('2026-03-11T00:00:00Z')
    expect(await first()).toBe(true)
  })
})

describe('amounts that no store could count', () => {
  const pricing = (usd: number): Pricing => ({ ...milliPerToken, bounds: () => ({ minUsd: 0, maxUsd: usd }) })

  test.each([1e300, 1e12, 1.000001e6])('%d USD are refused as too large under a hard limit', async (usd) => {
    const { tracker } = trackerOf({ limits: { global: { hard: 9e6 } }, pricing: pricing(usd) })
    expect(await tracker.reserve(ask(1))).toMatchObject({ ok: false, reason: 'too_large' })
    expect(await tracker.global()).toMatchObject({ pendingUsd: 0 })
  })

  test.each([1e300, 1e12])('%d USD without a limit are held as the most that an attempt is posted at', async (usd) => {
    const { tracker } = trackerOf({ pricing: pricing(usd) })
    const one = ask(1)
    expect(await tracker.reserve(one)).toMatchObject({ ok: true })
    expect(await tracker.global()).toMatchObject({ pendingUsd: 1e6 })
    await tracker.settle(one.attemptId, cost(usd))
    expect(await tracker.global()).toMatchObject({ pendingUsd: 0, costUsd: 1e6 })
  })
})
