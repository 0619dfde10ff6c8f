import { describe, expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import type { LLMErrorFacts, LLMErrorKind, RouterEvents } from '@wayfare/core'
import { steady } from './kit/chance.ts'
import { answered, text } from './kit/events.ts'
import { readAll, rig } from './kit/rig.ts'

const ok = answered('ok')

/** When each request was sent, in milliseconds, rounded: jitter's hair is not of interest. */
async function timesOf(failures: readonly LLMError[], options: Parameters<typeof rig>[1] = {}) {
  const { router, clock, providers, leaks } = rig({ a: [...failures.map((failure) => [failure]), ok] }, options)
  const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
  expect(leaks()).toEqual([])
  return { times: providers.a.sent.map(({ at }) => Math.round(at)), error }
}

const fault = (kind: LLMErrorKind, facts: LLMErrorFacts = {}): LLMError => new LLMError(kind, `a ${kind}`, facts)
const thrice = (kind: LLMErrorKind, facts: LLMErrorFacts = {}): readonly LLMError[] =>
  [0, 1, 2].map(() => fault(kind, facts))

describe('without rules', () => {
  test.each([
    ['server', [0, 250, 750]],
    ['network', [0, 250, 750]],
    ['timeout', [0, 250, 750]],
    ['conflict', [0, 250, 750]],
    ['stream_truncated', [0, 250, 750]],
    ['overloaded', [0, 500, 1_500]],
    ['rate_limit', [0, 250, 750]],
    ['protocol', [0, 250]],
    ['auth', [0]],
    ['billing', [0]],
    ['permission', [0]],
    ['bad_request', [0]],
    ['context_length', [0]],
    ['content_filter', [0]],
    ['model_not_found', [0]],
    ['request_too_large', [0]],
    ['response_too_large', [0]],
    ['redirect', [0]],
    ['unsupported', [0]],
    ['region_blocked', [0]],
  ] as const)('%s is asked at %j', async (kind, times) => {
    const outcome = await timesOf(thrice(kind))
    expect(outcome.times).toEqual(times)
    expect(outcome.error).toMatchObject({ kind, provider: 'a', model: 'm' })
  })

  test('retryable: false stops a kind that usually passes, and true lets one pass that does not', async () => {
    expect((await timesOf(thrice('server', { retryable: false }))).times).toEqual([0])
    expect((await timesOf([fault('bad_request', { retryable: true })])).times).toEqual([0, 250])
  })

  test.each([
    [0, [0, 0, 0]],
    [0.999, [0, 500, 1_499]],
  ])('jitter is full: a random %d', async (random, times) => {
    expect((await timesOf(thrice('server'), { random: steady(random) })).times).toEqual(times)
  })

  test('the error holds every attempt and every cause', async () => {
    const { error } = await timesOf([fault('server'), fault('network'), fault('overloaded')])
    expect(error).toMatchObject({
      kind: 'overloaded',
      attempts: [{ kind: 'server' }, { kind: 'network' }, { kind: 'overloaded' }],
    })
    expect((error as { cause: AggregateError }).cause.errors.map((each: LLMError) => each.kind)).toEqual([
      'server',
      'network',
      'overloaded',
    ])
  })

  test('a retry is told with its wait', async () => {
    const { router, clock } = rig({ a: [[fault('server')], ok] })
    const told: RouterEvents['retry'][] = []
    const stop = router.on('retry', (event) => told.push(event))
    await clock.run(router.complete({ messages: 'x' }))
    expect(told).toMatchObject([{ target: { provider: 'a', model: 'm' }, error: { kind: 'server' } }])
    expect(told[0]?.waitMs).toBeCloseTo(250, 0)
    stop()
    await clock.run(router.complete({ messages: 'x' }))
    expect(told).toHaveLength(1)
  })
})

describe('Retry-After', () => {
  test.each([
    { asked: 2_000, times: [0, 2_100], why: 'is a minimum, with jitter above it (H18)' },
    { asked: 250, times: [0, 263], why: 'beats a shorter backoff (H27)' },
    { asked: 100, times: [0, 250], why: 'does not shorten the backoff' },
    { asked: 60_000, times: [0, 63_000], why: 'is waited for up to a minute' },
    { asked: 60_001, times: [0], why: 'is not waited for above a minute (H23)' },
    { asked: 99_999_999_000, times: [0], why: 'is not waited for however long (H24)' },
    { asked: undefined, times: [0, 250], why: 'that nobody could read means our own backoff (H25)' },
  ])('of $asked ms $why', async ({ asked, times }) => {
    const outcome = await timesOf([fault('rate_limit', asked === undefined ? {} : { retryAfterMs: asked })])
    expect(outcome.times).toEqual(times)
  })

  test('above a minute leads to the fallback at once, and the target cools down', async () => {
    const { router, clock, providers } = rig(
      { a: [[fault('rate_limit', { retryAfterMs: 120_000 })], ok], b: [ok] },
      { fallbacks: ['b/m'] },
    )
    expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('b')
    expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('b')
    expect(clock.now()).toBe(0)
    expect(router.plan({ messages: 'x' }).skipped).toEqual([{ provider: 'a', model: 'm', reason: 'cooldown' }])
    await clock.advance(120_000)
    expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('a')
    expect(providers.a.sent).toHaveLength(2)
  })

  test('cools a target for an hour at most (H24)', async () => {
    const { router, clock, providers } = rig({ a: [[fault('rate_limit', { retryAfterMs: 99_999_999_000 })], ok] })
    await readAll(router.stream({ messages: 'x' }))
    await expect(router.complete({ messages: 'x' })).rejects.toMatchObject({
      kind: 'circuit_open',
      retryAfterMs: 3_600_000,
    })
    expect(providers.a.sent).toHaveLength(1)
    await clock.advance(3_600_000)
    expect((await clock.run(router.complete({ messages: 'x' }))).text).toBe('ok')
  })

  test('is waited for by the next calls too, when there is nowhere else to go', async () => {
    const { router, clock, providers } = rig(
      { a: [[fault('rate_limit', { retryAfterMs: 30_000 })], ok] },
      { fallbacks: [{ trigger: 'rate_limit', action: 'wait_and_retry', maxRetries: 0 }] },
    )
    await expect(router.complete({ messages: 'x' })).rejects.toMatchObject({ kind: 'rate_limit' })
    expect((await clock.run(router.complete({ messages: 'x' }))).text).toBe('ok')
    expect(providers.a.sent[1]?.at).toBeGreaterThanOrEqual(30_000)
  })

  test('is not waited for by the next calls that have a fallback', async () => {
    const { router, clock } = rig(
      { a: [[fault('rate_limit', { retryAfterMs: 30_000, retryable: false })], ok], b: [ok] },
      { fallbacks: ['b/m'] },
    )
    await clock.run(router.complete({ messages: 'x' }))
    expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('b')
    expect(clock.now()).toBe(0)
  })
})

describe('the deadline', () => {
  test('is not slept past: the failure is told at once (T04)', async () => {
    const { times, error } = await timesOf(thrice('rate_limit', { retryAfterMs: 5_000 }), { timeout: 3_000 })
    expect(times).toEqual([0])
    expect(error).toMatchObject({ kind: 'rate_limit' })
  })

  test('sends to the fallback when only the wait does not fit (T04)', async () => {
    const { router, clock } = rig(
      { a: [[fault('rate_limit', { retryAfterMs: 5_000 })]], b: [ok] },
      { timeout: 3_000, fallbacks: ['b/m'] },
    )
    expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('b')
    expect(clock.now()).toBe(0)
  })

  test('ends a stream that drips (T03)', async () => {
    const drip = Array.from({ length: 10 }, () => [{ waitMs: 10_000 }, text('.')]).flat()
    const { router, clock, leaks } = rig({ a: [drip], b: [ok] }, { timeout: 60_000, fallbacks: ['b/m'] })
    const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(error).toMatchObject({
      kind: 'deadline',
      partial: { text: '.....' },
      message: 'the call took longer than its 60000 ms',
    })
    expect(clock.now()).toBe(60_000)
    expect(leaks()).toEqual([])
  })

  test('counts waits and attempts together', async () => {
    const slow = [{ waitMs: 400 }, fault('server')]
    const { router, clock, providers } = rig({ a: [slow] }, { timeout: 1_000 })
    const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
    // 400, wait 250, 350 until the deadline
    expect(providers.a.sent.map(({ at }) => Math.round(at))).toEqual([0, 650])
    expect(error).toMatchObject({ kind: 'deadline' })
    expect(clock.now()).toBe(1_000)
  })

  test('may be put off for ever', async () => {
    const { router, clock } = rig({ a: [[{ waitMs: 1e9 }, ...ok]] })
    const timeout = { totalMs: Infinity, progressMs: Infinity, attemptMs: Infinity, firstChunkMs: Infinity }
    expect((await clock.run(router.complete({ messages: 'x', timeout }))).text).toBe('ok')
  })
})

describe('wait_and_retry', () => {
  test.each([
    { maxRetries: 0, kind: 'server', sent: 1, why: 'none' },
    { maxRetries: 1, kind: 'server', sent: 2, why: 'one' },
    { maxRetries: 4, kind: 'server', sent: 5, why: 'more than by default' },
    { maxRetries: 9, kind: 'server', sent: 5, why: 'until the breaker has its say' },
    { maxRetries: 0, kind: 'protocol', sent: 1, why: 'none' },
    { maxRetries: 3, kind: 'protocol', sent: 4, why: 'more than by default' },
    { maxRetries: 9, kind: 'rate_limit', sent: 10, why: 'which breakers do not count' },
    { maxRetries: 3, kind: 'bad_request', sent: 1, why: 'never for what will not pass' },
  ] as const)('replaces the number of retries: $maxRetries on $kind, $why', async ({ maxRetries, kind, sent }) => {
    const { router, clock, providers } = rig(
      { a: [[fault(kind)]] },
      { fallbacks: [{ trigger: 'error', action: 'wait_and_retry', maxRetries }] },
    )
    const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(error).toMatchObject({ kind })
    expect(providers.a.sent).toHaveLength(sent)
  })

  test('with a constant backoff waits about a second each time', async () => {
    const rule = { trigger: 'error', action: 'wait_and_retry', backoff: 'constant', maxRetries: 3 } as const
    expect((await timesOf(thrice('server'), { fallbacks: [rule] })).times).toEqual([0, 1_000, 2_000, 3_000])
  })

  test('that names the failure beats one that says error', async () => {
    const fallbacks = [
      { trigger: 'error', action: 'wait_and_retry', maxRetries: 3 },
      { trigger: 'rate_limit', action: 'wait_and_retry', maxRetries: 1 },
    ] as const
    expect((await timesOf(thrice('rate_limit'), { fallbacks })).times).toHaveLength(2)
    expect((await timesOf(thrice('server'), { fallbacks })).times).toHaveLength(4)
  })
})

describe('the retry quota', () => {
  test.each([
    ['server', 20],
    ['timeout', 10],
  ] as const)('bounds what a dead provider sees: %s', async (kind, retries) => {
    const calls = 60
    // A model per call keeps the breaker out of it.
    const { router, clock, providers } = rig({ a: [[fault(kind)]] })
    for (let i = 0; i < calls; i++) await clock.run(readAll(router.stream({ messages: 'x', model: `a/m${i}` })))
    expect(providers.a.sent).toHaveLength(calls + retries)
  })

  test('is filled again by successes, a token each', async () => {
    const dead = Array.from({ length: 60 }, () => [fault('server')])
    const { router, clock, providers } = rig({ a: [...dead, ok, ok, ok, ok, ok, [fault('server')]] })
    const call = (model: string) => clock.run(readAll(router.stream({ messages: 'x', model: `a/${model}` })))
    for (let i = 0; i < 40; i++) await call(`dead${i}`)
    expect(providers.a.sent).toHaveLength(60)
    for (let i = 0; i < 5; i++) await call(`ok${i}`)
    expect(providers.a.sent).toHaveLength(65)
    // Five tokens pay for one retry.
    await call('again')
    expect(providers.a.sent).toHaveLength(67)
    await call('and again')
    expect(providers.a.sent).toHaveLength(68)
  })
})
