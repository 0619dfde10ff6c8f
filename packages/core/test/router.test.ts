import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { LLMError, Router, collect } from '@wayfare/core'
import type { ChatEvent, ModelInfo, Provider } from '@wayfare/core'
import { answered, finish, text } from './kit/events.ts'
import { FlatPricing } from './kit/pricing.ts'
import { VirtualClock } from './kit/clock.ts'
import { brief, readAll, rig } from './kit/rig.ts'
import { unhandledDuring } from './kit/rejections.ts'

const ok = answered('ok')

describe('defaults', () => {
  test('of the router, of with() and of the call replace each other key by key, never deep', async () => {
    const { router, providers } = rig(
      { a: [ok] },
      { temperature: 0.1, topP: 0.5, tags: { team: 'red', unit: '1' }, providerOptions: { a: { one: 1 } } },
    )
    const some = router.with({ temperature: 0.2, tags: { team: 'blue' } })
    await some.complete({ messages: 'x', providerOptions: { a: { two: 2 } }, seed: 7 })
    expect(providers.a.sent[0]?.request).toMatchObject({ temperature: 0.2, topP: 0.5, seed: 7, options: { two: 2 } })
    expect(providers.a.sent[0]?.request.options).not.toHaveProperty('one')
  })

  test('of with() leave the router as it was, and share everything else', async () => {
    const { router, clock } = rig({ a: [[new LLMError('auth', 'no')]], b: [ok] })
    const other = router.with({ model: 'b/m' })
    expect(other).toBeInstanceOf(Router)
    expect([router.defaultModel, other.defaultModel]).toEqual([
      { provider: 'a', model: 'm' },
      { provider: 'b', model: 'm' },
    ])
    await clock.run(readAll(router.stream({ messages: 'x' })))
    // The breaker is one.
    await expect(other.complete({ messages: 'x', model: 'a/m' })).rejects.toMatchObject({ kind: 'circuit_open' })
    other.register({
      name: 'c',
      async *chat() {
        yield* ok
      },
    })
    expect((await router.complete({ messages: 'x', model: 'c/m' })).provider).toBe('c')
  })

  test('may be set later', async () => {
    const { router, clock } = rig({ a: [[new LLMError('bad_request', 'no')], [new LLMError('server', 'no')]], b: [ok] })
    router.setDefaultModel('b/m')
    expect((await router.complete({ messages: 'x' })).provider).toBe('b')
    router.setDefaultModel({ provider: 'a', model: 'm' })
    router.setFallbacks(['b/n'])
    await expect(clock.run(router.complete({ messages: 'x' }))).rejects.toMatchObject({ kind: 'bad_request' })
    expect((await clock.run(router.complete({ messages: 'x' }))).model).toBe('n')
  })

  test('of system come first, as a message', async () => {
    const { router, providers } = rig({ a: [ok] }, { system: 'be brief' })
    await router.complete({ messages: [{ role: 'user', content: 'x' }] })
    await router.complete({ messages: 'x', system: '' })
    expect(providers.a.sent.map(({ request }) => request.messages.map(({ role }) => role))).toEqual([
      ['system', 'user'],
      ['user'],
    ])
  })
})

describe('complete()', () => {
  test('shows every event in order and resolves with the response of the last', async () => {
    const events: ChatEvent[] = []
    const response = await rig({ a: [ok] }).router.complete({ messages: 'x', onEvent: (event) => events.push(event) })
    expect(brief(events)).toEqual(['start 1 a/m', 'ok', 'finish stop'])
    expect(events.at(-1)).toEqual({ type: 'finish', response })
    expect(response).toMatchObject({
      text: 'ok',
      provider: 'a',
      model: 'm',
      usage: { input: 10, output: 5, total: 15 },
      usageSource: 'reported',
      costUsd: 0.000015,
    })
  })

  test.each([1, 2, 3])('rejects with what onEvent throws at event %i, and cancels (R08)', async (at) => {
    const { router, leaks, providers } = rig({ a: [[text('a'), text('b'), finish()]] })
    const own = new Error('mine')
    let seen = 0
    const onEvent = (): void => {
      if (++seen === at) throw own
    }
    await expect(router.complete({ messages: 'x', onEvent })).rejects.toBe(own)
    expect(seen).toBe(at)
    expect(providers.a.open).toBe(0)
    expect(leaks()).toEqual([])
  })

  test('does not wait for an onEvent that is async', async () => {
    const { router, clock } = rig({ a: [ok] })
    const late: string[] = []
    await router.complete({
      messages: 'x',
      // oxlint-disable-next-line typescript/no-misused-promises -- what a careless caller does
      onEvent: async (event) => {
        await clock.sleep(1_000)
        late.push(event.type)
      },
    })
    expect(late).toEqual([])
    await clock.advance(1_000)
    expect(late).toEqual(['attempt_start', 'text_delta', 'finish'])
  })
})

test('collect() reads any events, and tells when their end is missing', async () => {
  const { router } = rig({ a: [ok] })
  expect((await collect(router.stream({ messages: 'x' }))).text).toBe('ok')
  await expect(collect((async function* (): AsyncGenerator<ChatEvent> {})())).rejects.toMatchObject({
    kind: 'stream_truncated',
  })
})

describe('plan()', () => {
  test('names the targets in order with their bounds, and those that are passed over, without I/O', async () => {
    const pricing = Object.assign(new FlatPricing(), { bounds: () => ({ minUsd: 0.1, maxUsd: 0.2 }) })
    const { router, providers, ledger } = rig(
      { a: [ok], b: [ok], c: [ok] },
      {
        pricing,
        fallbacks: ['b/m', 'a/m', 'c/m'],
        scripted: { c: { traits: { input: [] } } },
      },
    )
    const image = { type: 'file', mediaType: 'image/png', data: 'aGk=' } as const
    const plan = router.plan({ messages: [{ role: 'user', content: [image] }] })
    expect(plan).toEqual({
      targets: [
        { provider: 'a', model: 'm', because: 'the model of the call', minUsd: 0.1, maxUsd: 0.2 },
        { provider: 'b', model: 'm', because: 'fallback for every failure', minUsd: 0.1, maxUsd: 0.2 },
      ],
      skipped: [
        { provider: 'a', model: 'm', reason: 'duplicate' },
        { provider: 'c', model: 'm', reason: 'unsupported' },
      ],
    })
    expect(providers.a.chats).toBe(0)
    expect(ledger.log).toEqual([])
  })

  test('is told with the response', async () => {
    const { router } = rig({ a: [ok], b: [ok] }, { fallbacks: ['b/m'] })
    const { decision } = await router.complete({ messages: 'x' })
    expect(decision).toEqual(router.plan({ messages: 'x' }))
  })

  test('may be filled by whoever gets it, who meets no other call with that', async () => {
    const { router } = rig({ a: [ok] })
    const { skipped } = router.plan({ messages: 'x' })
    ;(skipped as unknown[]).push('mine') // as JavaScript may
    expect(await router.complete({ messages: 'x' })).toMatchObject({ text: 'ok', decision: { skipped: [] } })
  })
})

describe('events', () => {
  test('reach every listener, though one throws, until it stops listening', async () => {
    const { router } = rig({ a: [ok] })
    const told: string[] = []
    router.on('attempt', () => {
      throw new Error('its own affair')
    })
    // oxlint-disable-next-line typescript/no-misused-promises -- what a user without a linter writes
    router.on('attempt', async () => {
      throw new Error('its own affair, a little later')
    })
    const stop = router.on('attempt', ({ outcome }) => told.push(outcome))
    await router.complete({ messages: 'x' })
    stop()
    await router.complete({ messages: 'x' })
    expect(told).toEqual(['ok'])
  })
})

describe('the survey', () => {
  const silent: Provider = { name: 'silent', async *chat() {} }
  const model = (id: string, more: Partial<ModelInfo> = {}): ModelInfo => ({ id, provider: 'whoever', ...more })
  const well: Provider = {
    name: 'well',
    async *chat() {},
    health: async () => {},
    balance: async () => 12.5,
    models: async () => [
      model('b'),
      model('a', { inputPerMTok: 9, outputPerMTok: 9 }),
      model('star', { weeklyTokens: 5 }),
    ],
  }
  const ill: Provider = {
    name: 'ill',
    async *chat() {},
    health: () => Promise.reject(new LLMError('auth', 'the key was refused')),
    balance: () => {
      throw new Error('secret')
    },
    models: () => Promise.reject(new Error('secret')),
  }
  const router = new Router({
    providers: [silent, ill, well],
    model: 'well/b',
    pricing: new FlatPricing(),
    clock: new VirtualClock(),
  })

  test('of health asks all side by side, none hides another', async () => {
    expect(await router.health()).toMatchObject({
      silent: { ok: true },
      well: { ok: true, ms: 0 },
      ill: { ok: false, error: { kind: 'auth' } },
    })
  })

  test('of balances is undefined where none is told', async () => {
    expect(await router.balance()).toEqual({ silent: undefined, ill: undefined, well: 12.5 })
  })

  test('of models lists the popular first, fills in prices, and keeps the errors apart (R10)', async () => {
    const { models, errors } = await router.models.list()
    expect(models).toMatchObject([
      { provider: 'well', id: 'star' },
      { provider: 'well', id: 'a', inputPerMTok: 9 },
      { provider: 'well', id: 'b', inputPerMTok: 1, outputPerMTok: 1 },
    ])
    expect(errors).toMatchObject([{ kind: 'protocol', message: 'the provider "ill" failed unexpectedly' }])
    expect(await router.models.names()).toEqual(['well/a', 'well/b', 'well/star'])
  })

  test('of models may be of one provider, which must exist', async () => {
    expect((await router.models.list({ provider: 'silent' })).models).toEqual([])
    await expect(router.models.list({ provider: 'wel' })).rejects.toThrow(
      'no provider "wel" is registered (did you mean "well"?)',
    )
  })
})

test('close() closes every provider, and calls may follow', async () => {
  let closed = 0
  const provider: Provider = {
    name: 'a',
    async *chat() {
      yield* ok
    },
    close: async () => void closed++,
  }
  const router = new Router({ providers: [provider], model: 'a/m' })
  await router.close()
  expect(closed).toBe(1)
  expect((await router.complete({ messages: 'x' })).text).toBe('ok')
})

test('a router shows nothing of what it holds', () => {
  const provider = { name: 'a', apiKey: 'CANARY', async *chat() {} }
  const router = new Router({ providers: [provider], model: 'a/m', system: 'CANARY' })
  const stream = router.stream({ messages: 'CANARY' })
  for (const each of [router, router.with({ system: 'CANARY' }), stream]) {
    expect(inspect(each, { depth: null, showHidden: true })).not.toContain('CANARY')
    expect(JSON.stringify(each)).not.toContain('CANARY')
  }
})

test('a call on the system clock leaves no rejection behind', async () => {
  const unhandled = await unhandledDuring(async () => {
    const router = new Router({
      providers: [
        {
          name: 'a',
          async *chat() {
            yield* ok
          },
        },
      ],
      model: 'a/m',
    })
    expect((await router.complete({ messages: 'x' })).text).toBe('ok')
    const late = router.stream({ messages: 'x', signal: AbortSignal.abort(), fallbacks: [] })
    expect((await readAll(late)).error).toMatchObject({ kind: 'cancelled' })
  })
  expect(unhandled).toEqual([])
})
