import { describe, expect, test } from 'vitest'
import { BudgetError, LLMError } from '@wayfare/core'
import type { FallbackRule, Fallbacks, LLMErrorKind, ReserveRequest } from '@wayfare/core'
import { answered } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import { readAll, rig } from './kit/rig.ts'

const ok = answered('ok')
const fault = (kind: LLMErrorKind): LLMError => new LLMError(kind, `a ${kind}`, { retryable: false })

/** Who was asked, in order, when the first target fails with this kind. */
async function way(kind: LLMErrorKind, fallbacks: Fallbacks): Promise<string> {
  const { router, clock, providers, leaks } = rig(
    { a: [[fault(kind)]], b: [ok], c: [ok] },
    { fallbacks, scripted: { b: { defaultModel: 'own' } } },
  )
  await clock.run(readAll(router.stream({ messages: 'x' })))
  expect(leaks()).toEqual([])
  return Object.values(providers)
    .flatMap(({ name, sent }) => sent.map(({ request }) => `${name}/${request.model}`))
    .join(' ')
}

const toB = { action: 'switch_provider', provider: 'b' } as const
const toC = { action: 'switch_provider', provider: 'c', model: 'm' } as const

const everyKind: Record<LLMErrorKind, 'curable' | 'own' | 'money' | 'never'> = {
  auth: 'curable',
  permission: 'curable',
  region_blocked: 'curable',
  server: 'curable',
  network: 'curable',
  stream_truncated: 'curable',
  protocol: 'curable',
  response_too_large: 'curable',
  redirect: 'curable',
  request_too_large: 'curable',
  model_not_found: 'curable',
  unsupported: 'curable',
  conflict: 'curable',
  circuit_open: 'curable',
  rate_limit: 'curable',
  timeout: 'curable',
  overloaded: 'curable',
  billing: 'curable',
  context_length: 'own',
  content_filter: 'own',
  budget: 'money',
  deadline: 'never',
  bad_request: 'never',
  config: 'never',
  cancelled: 'never',
  store: 'never',
  invalid_output: 'never',
}
const kinds = Object.keys(everyKind) as LLMErrorKind[] // the keys of a record by kind

describe('what leads elsewhere', () => {
  test.each(kinds)('a bare reference after %s', async (kind) => {
    expect(await way(kind, ['b/m'])).toBe(everyKind[kind] === 'never' ? 'a/m' : 'a/m b/m')
  })

  test.each(kinds)('the trigger error after %s', async (kind) => {
    expect(await way(kind, [{ trigger: 'error', ...toB }])).toBe(everyKind[kind] === 'curable' ? 'a/m b/own' : 'a/m')
  })

  test.each([
    ['rate_limit', 'rate_limit'],
    ['timeout', 'timeout'],
    ['overloaded', 'overloaded'],
    ['context_length', 'context_length'],
    ['content_filter', 'content_filter'],
    ['low_funds', 'billing'],
  ] as const)('the trigger %s after %s and after nothing else', async (trigger, own) => {
    for (const kind of kinds) {
      const rule = { trigger, ...toB } as FallbackRule
      expect([kind, await way(kind, [rule])]).toEqual([kind, kind === own ? 'a/m b/own' : 'a/m'])
    }
  })

  test.each([
    [undefined, 'a/m'],
    [400, 'a/m'],
    [422, 'a/m'],
    [418, 'a/m b/own'],
  ])(
    'a request refused with status %s: only one that says nothing of it may be right elsewhere (H44)',
    async (status, asked) => {
      const { router, clock, providers } = rig(
        { a: [[new LLMError('bad_request', 'no', { status })]], b: [ok] },
        { fallbacks: [{ trigger: 'error', ...toB, model: 'own' }] },
      )
      await clock.run(readAll(router.stream({ messages: 'x' })))
      const sent = Object.values(providers).flatMap((each) =>
        each.sent.map(({ request }) => `${each.name}/${request.model}`),
      )
      expect(sent.join(' ')).toBe(asked)
    },
  )

  test('a config error leads elsewhere only when a server told it: its address is wrong (H12, X01)', async () => {
    for (const [status, asked] of [
      [undefined, 'a/m'],
      [404, 'a/m b/own'],
    ] as const) {
      const { router, clock, providers } = rig(
        { a: [[new LLMError('config', 'no', { status })]], b: [ok] },
        { fallbacks: [{ trigger: 'error', ...toB, model: 'own' }] },
      )
      await clock.run(readAll(router.stream({ messages: 'x' })))
      const sent = Object.values(providers).flatMap((each) =>
        each.sent.map(({ request }) => `${each.name}/${request.model}`),
      )
      expect(sent.join(' ')).toBe(asked)
    }
  })

  test('several triggers of one rule', async () => {
    const rules: Fallbacks = [{ trigger: ['timeout', 'overloaded'], ...toB }]
    expect(await way('timeout', rules)).toBe('a/m b/own')
    expect(await way('overloaded', rules)).toBe('a/m b/own')
    expect(await way('rate_limit', rules)).toBe('a/m')
  })

  test('a rule that names the failure beats error, whatever their order', async () => {
    for (const rules of [
      [
        { trigger: 'error', ...toB },
        { trigger: 'rate_limit', ...toC },
      ],
      [
        { trigger: 'rate_limit', ...toC },
        { trigger: 'error', ...toB },
      ],
    ] satisfies Fallbacks[]) {
      expect(await way('rate_limit', rules)).toBe('a/m c/m')
      expect(await way('server', rules)).toBe('a/m b/own')
    }
  })
})

describe('where it leads', () => {
  test('switch_provider without a model goes to the default of that provider', async () => {
    expect(await way('server', [{ trigger: 'error', ...toB }])).toBe('a/m b/own')
  })

  test('switch_model stays with the provider that the call began with', async () => {
    expect(await way('server', [{ trigger: 'error', action: 'switch_model', model: 'small' }])).toBe('a/m a/small')
    const { router, clock, providers } = rig(
      { a: [[fault('server')]], b: [[fault('server')]] },
      { fallbacks: ['b/m', { trigger: 'error', action: 'switch_model', model: 'small' }] },
    )
    await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(providers.a.sent.map(({ request }) => request.model)).toEqual(['m', 'small'])
    expect(providers.b.sent).toHaveLength(1)
  })

  test('each target is asked once per call, and a way that returns ends (R04)', async () => {
    const { router, clock, providers } = rig(
      { a: [[fault('server')]], b: [[fault('server')]] },
      { fallbacks: ['b/m', 'a/m', 'b/m', { trigger: 'error', action: 'switch_model', model: 'm' }] },
    )
    const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(error).toMatchObject({ kind: 'server', provider: 'b', attempts: [{ provider: 'a' }, { provider: 'b' }] })
    expect([providers.a.sent.length, providers.b.sent.length]).toEqual([1, 1])
  })

  test('a fallback gets the options of its own vendor and the same messages', async () => {
    const { router, clock, providers } = rig(
      { a: [[fault('server')]], b: [ok] },
      { fallbacks: ['b/m'], providerOptions: { a: { tier: 1 }, vb: { tier: 2 } }, scripted: { b: { vendor: 'vb' } } },
    )
    await clock.run(router.complete({ messages: 'x', system: 'be brief' }))
    expect(providers.a.sent[0]?.request.options).toEqual({ tier: 1 })
    expect(providers.b.sent[0]?.request.options).toEqual({ tier: 2 })
    expect(providers.b.sent[0]?.request.messages).toEqual(providers.a.sent[0]?.request.messages)
  })

  test('a target that is known not to take the request is passed over (P15)', async () => {
    const { router, clock, providers } = rig(
      { a: [[fault('server')]], b: [ok], c: [ok] },
      { fallbacks: ['b/m', 'c/m'], scripted: { b: { traits: { tools: false } } } },
    )
    const tools = { look: { inputSchema: { jsonSchema: {} } } }
    expect((await clock.run(router.complete({ messages: 'x', tools }))).provider).toBe('c')
    expect(providers.b.sent).toEqual([])
    await expect(router.complete({ messages: 'x', model: 'b/m', tools, fallbacks: [] })).rejects.toMatchObject({
      kind: 'unsupported',
      message: 'b/m does not take tools',
    })
  })
})

describe('a circuit that one failure closed still leads where that failure would have', () => {
  test.each([
    ['rate_limit', 'rate_limit'],
    ['low_funds', 'billing'],
  ] as const)('%s', async (trigger, kind) => {
    const failure = new LLMError(kind, 'no', { retryable: false, retryAfterMs: 120_000 })
    const { router, clock, providers } = rig(
      { a: [[failure]], b: [ok] },
      { fallbacks: [{ trigger, action: 'switch_provider', provider: 'b', model: 'm' }] },
    )
    for (let i = 0; i < 3; i++) expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('b')
    expect(providers.a.sent).toHaveLength(1)
  })

  test.each(['timeout', 'overloaded'] as const)('%s', async (trigger) => {
    const { router, clock, providers } = rig(
      { a: [[fault(trigger)]], b: [ok] },
      { fallbacks: [{ trigger, action: 'switch_provider', provider: 'b', model: 'm' }] },
    )
    for (let i = 0; i < 10; i++) expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('b')
    expect(providers.a.sent).toHaveLength(5)
  })
})

describe('low_funds with a threshold', () => {
  const rules: Fallbacks = [{ trigger: 'low_funds', threshold: 5, ...toC }]
  const withBalance = (balance: () => Promise<number>) =>
    rig({ a: [ok], c: [ok] }, { fallbacks: rules, scripted: { a: { balance } } })

  test.each([
    [4.99, 'c'],
    [5, 'a'],
    [Infinity, 'a'],
    [0, 'c'],
  ])('a balance of %d is served by %s', async (usd, provider) => {
    const { router, clock } = withBalance(() => Promise.resolve(usd))
    const response = await clock.run(router.complete({ messages: 'x' }))
    expect(response.provider).toBe(provider)
    const skipped = provider === 'c' ? [{ provider: 'a', model: 'm', reason: 'low_funds' }] : []
    expect(response.decision.skipped).toEqual(skipped)
  })

  test('asks for the balance once a minute', async () => {
    let asked = 0
    const { router, clock } = withBalance(() => {
      asked++
      return Promise.resolve(10)
    })
    for (let i = 0; i < 5; i++) await clock.run(router.complete({ messages: 'x' }))
    expect(asked).toBe(1)
    await clock.advance(60_000)
    await clock.run(router.complete({ messages: 'x' }))
    expect(asked).toBe(2)
  })

  test.each([
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down')
      },
    ],
  ])('a balance that %s says nothing', async (_, balance) => {
    const { router, clock } = withBalance(balance)
    expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('a')
  })

  test('a balance that never comes holds a call up for a moment, not for ever', async () => {
    const { router, clock, leaks } = withBalance(() => new Promise(() => {}))
    expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('a')
    expect(clock.now()).toBeLessThanOrEqual(5_000)
    expect(leaks()).toEqual([])
  })

  test('an abort does not wait for the balance', async () => {
    const { router, clock, leaks } = withBalance(() => new Promise(() => {}))
    const controller = new AbortController()
    const reading = readAll(router.stream({ messages: 'x', signal: controller.signal }))
    await clock.idle()
    controller.abort()
    expect(await clock.run(reading)).toMatchObject({ error: { kind: 'cancelled' } })
    expect(clock.now()).toBe(0)
    await clock.advance(10_000)
    expect(leaks()).toEqual([])
  })

  test('without an open target elsewhere the primary is asked all the same', async () => {
    const { router, clock } = rig(
      { a: [ok] },
      {
        fallbacks: [{ trigger: 'low_funds', threshold: 5, action: 'switch_model', model: 'm' }],
        scripted: { a: { balance: async () => 1 } },
      },
    )
    expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('a')
  })
})

describe('cost_limit', () => {
  const soft = { trigger: 'cost_limit', limit: 'soft' } as const
  const hard = { trigger: 'cost_limit', limit: 'hard' } as const
  const beyond = (first: boolean) => () => [
    { scope: { kind: 'global' as const }, limitUsd: 1, spentUsd: 2, ...(first && { first: true as const }) },
  ]
  const refuses = (...names: string[]) => ({ refuse: ({ provider }: ReserveRequest) => names.includes(provider) })

  test('soft goes to the cheaper target before anything is sent, tells once, and frees the money', async () => {
    const budget = new Ledger({ soft: beyond(true) })
    const { router, clock, ledger, leaks } = rig(
      { a: [ok], b: [ok] },
      { budget, fallbacks: [{ ...soft, ...toB, model: 'm' }] },
    )
    const { items } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(items.map(({ type }) => type)).toEqual(['soft_limit', 'soft_limit', 'attempt_start', 'text_delta', 'finish'])
    expect(ledger.log).toEqual(['reserve a/m', 'void a/m', 'reserve b/m', 'dispatch b/m', 'settle b/m'])
    expect(leaks()).toEqual([])
  })

  test('soft raises no event for a limit that was told before, and never throws', async () => {
    const { router, clock } = rig({ a: [ok] }, { budget: new Ledger({ soft: beyond(false) }) })
    const told: unknown[] = []
    router.on('soft_limit', (event) => told.push(event))
    const { items, error } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(error).toBeUndefined()
    expect(items.map(({ type }) => type)).not.toContain('soft_limit')
    expect(told).toEqual([])
  })

  test('soft asks the targets of its rules in their order', async () => {
    const budget = new Ledger({ soft: beyond(false) })
    const { router, clock, providers } = rig(
      { a: [ok], b: [ok], c: [ok] },
      {
        budget,
        fallbacks: [
          { ...soft, ...toB, model: 'm' },
          { ...soft, ...toC },
        ],
      },
    )
    expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('b')
    expect([providers.a.sent.length, providers.c.sent.length]).toEqual([0, 0])
  })

  test('hard goes elsewhere when the limit refuses', async () => {
    const { router, clock } = rig(
      { a: [ok], b: [ok] },
      { budget: new Ledger(refuses('a')), fallbacks: [{ ...hard, ...toB, model: 'm' }] },
    )
    expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('b')
  })

  test('hard passes the same gate at every target (R06)', async () => {
    const budget = new Ledger(refuses('a', 'b'))
    const { router, clock, providers } = rig({ a: [ok], b: [ok], c: [ok] }, { budget, fallbacks: ['b/m', 'c/m'] })
    expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('c')
    expect([providers.a.sent.length, providers.b.sent.length]).toEqual([0, 0])
  })

  test('hard without a way out is a BudgetError, and nothing was sent', async () => {
    const { router, providers, leaks } = rig({ a: [ok] }, { budget: new Ledger({ hardUsd: 0.5 }) })
    const { error } = await readAll(router.stream({ messages: 'x' }))
    expect(BudgetError.is(error)).toBe(true)
    expect(error).toMatchObject({
      kind: 'budget',
      message: 'the global limit of $0.5 is spent',
      scope: { kind: 'global' },
      reason: 'exhausted',
      attempts: [],
      costUsd: 0,
      provider: 'a',
    })
    expect(providers.a.chats).toBe(0)
    expect(leaks()).toEqual([])
  })

  test('no money for a retry: the failure that asked for it is told, with the refusal behind it (B06)', async () => {
    const budget = new Ledger({ hardUsd: 1 })
    const { router, clock, providers, leaks } = rig(
      { a: [[{ type: 'text_delta', text: 'half' }, new LLMError('server', 'broke')]], b: [ok] },
      { budget, fallbacks: ['b/m'] },
    )
    const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(error).toMatchObject({ kind: 'server', attempts: [{ outcome: 'failed' }] })
    expect((error as { cause: AggregateError }).cause.errors.map((each: LLMError) => each.kind)).toContain('server')
    expect(providers.b.sent).toEqual([])
    expect(budget.postedUsd).toBeGreaterThan(0)
    expect(leaks()).toEqual([])
  })
})

describe('setFallbacks', () => {
  test('replaces the rules, and a bad list changes nothing (R05)', async () => {
    const { router, clock } = rig({ a: [[fault('server')]], b: [ok] })
    router.setFallbacks(['b/m'])
    expect(() => router.setFallbacks(['nowhere/m'])).toThrow('no provider "nowhere" is registered; registered: a, b')
    expect((await clock.run(router.complete({ messages: 'x' }))).provider).toBe('b')
  })

  test('checks a list against its own providers, even if another router took it', () => {
    const fallbacks = ['b/m'] as const
    rig({ a: [ok], b: [ok] }, { fallbacks })
    expect(() => rig({ a: [ok] }, { fallbacks })).toThrow('no provider "b" is registered')
  })
})

test('how often error waits says nothing of a failure that another rule names', async () => {
  const limited = new LLMError('rate_limit', 'slow down')
  const { router, clock, providers } = rig(
    { a: [[limited]], b: [answered('ok')] },
    {
      fallbacks: [
        { trigger: 'error', action: 'wait_and_retry', maxRetries: 0 },
        { trigger: 'rate_limit', action: 'switch_provider', provider: 'b', model: 'm' },
      ],
    },
  )
  expect((await clock.run(router.complete({ messages: 'x' }))).text).toBe('ok')
  // The default of two retries, then the other target.
  expect([providers.a.sent.length, providers.b.sent.length]).toEqual([3, 1])
})
