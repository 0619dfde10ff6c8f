import { describe, expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import type { LLMErrorKind, Router, RouterEvents } from '@wayfare/core'
import { answered, text } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import type { Script, Step } from './kit/provider.ts'
import { readAll, rig } from './kit/rig.ts'
import type { Rig } from './kit/rig.ts'

const ok = answered('ok')
const once = { fallbacks: [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 0 }] } as const
const fault = (kind: LLMErrorKind): LLMError => new LLMError(kind, `a ${kind}`)
const failures = (count: number, kind: LLMErrorKind = 'server'): readonly Script[] =>
  Array.from({ length: count }, () => [fault(kind)])

function watch(router: Router): string[] {
  const told: string[] = []
  router.on('breaker', ({ key, state }: RouterEvents['breaker']) => told.push(`${key} ${state}`))
  return told
}

async function ask({ router, clock }: Rig<string>, options: object = {}): Promise<string> {
  const { error } = await clock.run(readAll(router.stream({ messages: 'x', ...once, ...options })))
  return error === undefined ? 'ok' : (error as LLMError).kind
}

describe('the circuit of a model', () => {
  test.each([
    'server',
    'overloaded',
    'network',
    'timeout',
    'stream_truncated',
    'protocol',
    'response_too_large',
  ] as const)('opens after five times %s in a row', async (kind) => {
    const own = rig({ a: failures(9, kind) })
    const told = watch(own.router)
    for (let i = 0; i < 5; i++) expect(await ask(own)).toBe(kind)
    expect(told).toEqual(['a/m open'])
    expect(await ask(own)).toBe('circuit_open')
    expect(own.providers.a.sent).toHaveLength(5)
  })

  test.each([
    'bad_request',
    'context_length',
    'model_not_found',
    'permission',
    'content_filter',
    'unsupported',
  ] as const)('does not open by %s: the target is not at fault', async (kind) => {
    const own = rig({ a: failures(20, kind) })
    for (let i = 0; i < 20; i++) expect(await ask(own)).toBe(kind)
    expect(own.providers.a.sent).toHaveLength(20)
  })

  test('does not open by cancellation', async () => {
    const { router, providers } = rig({ a: [[text('a'), { stall: 'until_abort' }]] })
    for (let i = 0; i < 20; i++)
      for await (const event of router.stream({ messages: 'x' })) if (event.type === 'text_delta') break
    expect(providers.a.sent).toHaveLength(20)
  })

  test('opens when half of ten calls in a minute failed', async () => {
    const own = rig({ a: Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? [fault('server')] : ok)) })
    const outcomes: string[] = []
    for (let i = 0; i < 12; i++) outcomes.push(await ask(own))
    expect(outcomes.indexOf('circuit_open')).toBe(11)
  })

  test('is not opened by failures that are a minute apart', async () => {
    const own = rig({ a: Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? [fault('server')] : ok)) })
    for (let i = 0; i < 40; i++) {
      await ask(own)
      await own.clock.advance(31_000)
    }
    expect(own.providers.a.sent).toHaveLength(40)
  })

  test('opens at once for a model whose quota is nothing, and for it alone (H22)', async () => {
    const own = rig({ a: [[new LLMError('permission', 'limit: 0', { status: 429 })], ok] })
    expect(await ask(own)).toBe('permission')
    expect(await ask(own)).toBe('circuit_open')
    expect(await ask(own, { model: 'a/other' })).toBe('ok')
  })

  test('leaves other models of the provider alone', async () => {
    const own = rig({ a: [...failures(5), ok] })
    for (let i = 0; i < 5; i++) await ask(own)
    expect(await ask(own, { model: 'a/other' })).toBe('ok')
    expect(await ask(own)).toBe('circuit_open')
  })

  test('says for how long, and sends nothing meanwhile (R01)', async () => {
    const own = rig({ a: failures(9) })
    for (let i = 0; i < 5; i++) await ask(own)
    const { error } = await own.clock.run(readAll(own.router.stream({ messages: 'x' })))
    expect(error).toMatchObject({
      kind: 'circuit_open',
      code: 'server',
      retryable: false,
      attempts: [],
      costUsd: 0,
      billed: 'no',
    })
    expect((error as LLMError).retryAfterMs).toBeCloseTo(15_000, -1)
    expect((error as LLMError).message).toMatch(/^a\/m failed too often and is left alone for another \d+ ms$/)
    expect(own.providers.a.sent).toHaveLength(5)
  })

  test('says when the first of all targets opens again, when none is open', async () => {
    const own = rig({ a: failures(99), b: failures(99) })
    for (let i = 0; i < 5; i++) await ask(own, { model: 'b/m' })
    await own.clock.advance(10_000)
    for (let i = 0; i < 5; i++) await ask(own)
    const { error } = await own.clock.run(readAll(own.router.stream({ messages: 'x', fallbacks: ['b/m'] })))
    expect(error).toMatchObject({ kind: 'circuit_open', provider: 'a', attempts: [] })
    expect((error as LLMError).retryAfterMs).toBeCloseTo(5_000, -1)
    await own.clock.advance((error as LLMError).retryAfterMs!)
    await own.clock.run(readAll(own.router.stream({ messages: 'x', fallbacks: ['b/m'] })))
    expect([own.providers.a.sent.length, own.providers.b.sent.length]).toEqual([5, 6])
  })

  test('two successes after the pause close it', async () => {
    const own = rig({ a: [...failures(5), ok] })
    const told = watch(own.router)
    for (let i = 0; i < 5; i++) await ask(own)
    await own.clock.advance(15_100)
    expect(await ask(own)).toBe('ok')
    expect(told).toEqual(['a/m open', 'a/m half_open'])
    expect(await ask(own)).toBe('ok')
    expect(told).toEqual(['a/m open', 'a/m half_open', 'a/m closed'])
  })

  test('a failed probe opens it for twice as long, up to five minutes', async () => {
    const own = rig({ a: failures(99) })
    for (let i = 0; i < 5; i++) await ask(own)
    const pauses: number[] = []
    for (let i = 0; i < 8; i++) {
      const { error } = await own.clock.run(readAll(own.router.stream({ messages: 'x' })))
      const { retryAfterMs } = error as LLMError
      pauses.push(Math.round(retryAfterMs! / 100) * 100)
      await own.clock.advance(retryAfterMs!)
      expect(await ask(own)).toBe('server')
    }
    expect(pauses).toEqual([15_000, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000, 300_000])
  })
})

describe('the probe', () => {
  const slow: Script = [text('o'), { waitMs: 1_000 }, ...(ok as readonly Step[])]

  /** A rig whose circuit has just become ready for a probe. */
  async function ready<const Name extends string>(scripts: { readonly [name in Name]: readonly Script[] }) {
    const own = rig(scripts)
    for (let i = 0; i < 5; i++) await ask(own as Rig<string>)
    await own.clock.advance(15_100)
    return own
  }

  test('is one call, while 100 others fail fast (R03)', async () => {
    const own = await ready({ a: [...failures(5), slow] })
    const outcomes = await own.clock.run(
      Promise.all(Array.from({ length: 100 }, () => readAll(own.router.stream({ messages: 'x' })))),
    )
    expect(outcomes.filter(({ error }) => error === undefined)).toHaveLength(1)
    expect(outcomes.filter(({ error }) => (error as LLMError)?.kind === 'circuit_open')).toHaveLength(99)
    expect(own.providers.a.sent).toHaveLength(6)
  })

  test('is one call, while 100 others are answered by the fallback (R03)', async () => {
    const own = await ready({ a: [...failures(5), slow], b: [ok] })
    const outcomes = await own.clock.run(
      Promise.all(Array.from({ length: 101 }, () => own.router.complete({ messages: 'x', fallbacks: ['b/m'] }))),
    )
    expect(outcomes.filter(({ provider }) => provider === 'a')).toHaveLength(1)
    expect(outcomes.filter(({ provider }) => provider === 'b')).toHaveLength(100)
  })

  test('is one call again after the first success', async () => {
    const own = await ready({ a: [...failures(5), ok, slow] })
    expect(await ask(own as Rig<string>)).toBe('ok')
    const outcomes = await own.clock.run(
      Promise.all(Array.from({ length: 50 }, () => readAll(own.router.stream({ messages: 'x' })))),
    )
    expect(outcomes.filter(({ error }) => error === undefined)).toHaveLength(1)
    expect(own.providers.a.sent).toHaveLength(7)
  })

  test.each([
    [
      'was left by its reader',
      async (own: Rig<'a'>) => {
        for await (const event of own.router.stream({ messages: 'x' })) if (event.type === 'text_delta') break
      },
    ],
    [
      'was refused by the budget',
      async (own: Rig<'a'>) => {
        await readAll(own.router.stream({ messages: 'x', session: 'poor' }))
      },
    ],
    [
      'had a request at fault',
      async (own: Rig<'a'>) => {
        await readAll(own.router.stream({ messages: 'x' }))
      },
    ],
  ] as const)('is one call again when the last one %s', async (what, spoil) => {
    const budget = new Ledger({ refuse: ({ session }) => session === 'poor' })
    const spoilt: Script = what.startsWith('had') ? [fault('bad_request')] : [text('x'), { stall: 'until_abort' }]
    const scripts = what.startsWith('was refused') ? [...failures(5), slow] : [...failures(5), spoilt, slow]
    const own = rig({ a: scripts }, { budget })
    for (let i = 0; i < 5; i++) await ask(own)
    await own.clock.advance(15_100)
    await spoil(own)
    const sent = own.providers.a.sent.length
    const outcomes = await own.clock.run(
      Promise.all(Array.from({ length: 100 }, () => readAll(own.router.stream({ messages: 'x' })))),
    )
    expect(outcomes.filter(({ error }) => error === undefined)).toHaveLength(1)
    expect(own.providers.a.sent).toHaveLength(sent + 1)
  })
})

describe('the circuit of a key', () => {
  test.each(['auth', 'billing', 'region_blocked'] as const)('opens at once on %s, for every model', async (kind) => {
    const own = rig({ a: [[fault(kind)], ok] })
    const told = watch(own.router)
    expect(await ask(own)).toBe(kind)
    expect(told).toEqual(['a open'])
    expect(await ask(own, { model: 'a/other' })).toBe('circuit_open')
    await own.clock.advance(60_100)
    expect(await ask(own, { model: 'a/other' })).toBe('ok')
    expect(await ask(own)).toBe('ok')
    expect(told).toEqual(['a open', 'a half_open', 'a closed'])
  })

  test('opens for twice as long each time, up to a quarter of an hour', async () => {
    const own = rig({ a: failures(99, 'auth') })
    const pauses: number[] = []
    for (let i = 0; i < 6; i++) {
      expect(await ask(own)).toBe('auth')
      const { error } = await own.clock.run(readAll(own.router.stream({ messages: 'x' })))
      pauses.push(Math.round((error as LLMError).retryAfterMs! / 1_000))
      await own.clock.advance((error as LLMError).retryAfterMs!)
    }
    expect(pauses).toEqual([60, 120, 240, 480, 900, 900])
  })

  test('frees the probe of the model when the key fails instead', async () => {
    const own = rig({ a: [...failures(5), [fault('auth')], ok] })
    for (let i = 0; i < 5; i++) await ask(own)
    await own.clock.advance(15_100)
    expect(await ask(own)).toBe('auth')
    await own.clock.advance(60_100)
    expect(await ask(own)).toBe('ok')
  })

  test('is another one for another provider of the same vendor', async () => {
    const own = rig({ a: [[fault('auth')]], b: [ok] }, { scripted: { a: { vendor: 'v' }, b: { vendor: 'v' } } })
    await ask(own)
    expect(await ask(own, { model: 'b/m' })).toBe('ok')
  })
})

describe('an outage', () => {
  test('of the primary costs no answer: 100 calls at once, 100 answers from the fallback', async () => {
    const { router, clock, providers, leaks } = rig({ a: failures(1), b: [ok] }, { fallbacks: ['b/m'] })
    const responses = await clock.run(
      Promise.all(Array.from({ length: 100 }, () => router.complete({ messages: 'x' }))),
    )
    expect(responses.every(({ provider, text: words }) => provider === 'b' && words === 'ok')).toBe(true)
    expect(providers.a.sent.length).toBeLessThanOrEqual(120)
    expect(leaks()).toEqual([])
  })

  test('of an hour, 2,000 calls one after another, reaches the provider seldom (R02)', async () => {
    const { router, clock, providers } = rig({ a: failures(1) })
    for (let i = 0; i < 2_000; i++) {
      await clock.run(readAll(router.stream({ messages: 'x' })))
      await clock.advance(30)
    }
    expect(clock.now()).toBeGreaterThan(60_000)
    expect(providers.a.sent.length).toBeLessThanOrEqual(60)
  })
})
