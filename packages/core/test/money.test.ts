import { describe, expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import type { LLMErrorFacts, LLMErrorKind, Pricing, ProviderEvent, RouterEvents, Usage } from '@wayfare/core'
import { answered, finish, text, thought, usage } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import { FlatPricing } from './kit/pricing.ts'
import type { Script, Step } from './kit/provider.ts'
import { readAll, rig } from './kit/rig.ts'
import type { RigOptions } from './kit/rig.ts'

const noRetry = { fallbacks: [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 0 }] } as const
const fault = (kind: LLMErrorKind, facts: LLMErrorFacts = {}): LLMError => new LLMError(kind, `a ${kind}`, facts)

/** The line of the bill of one attempt, and what was posted for it. */
async function bill(script: Script, options: RigOptions = {}, call: object = {}) {
  const { router, clock, ledger, leaks } = rig({ a: [script] }, { ...noRetry, ...options })
  const anomalies: string[] = []
  router.on('usage_anomaly', ({ problem }: RouterEvents['usage_anomaly']) => anomalies.push(problem))
  const lines: unknown[] = []
  router.on('attempt', (line) => lines.push(line))
  const stream = router.stream({ messages: 'twelve bytes', ...call })
  const { error } = await clock.run(readAll(stream))
  expect(leaks()).toEqual([])
  const [line] = error === undefined ? (await stream.response()).attempts : (error as LLMError).attempts
  expect(lines).toEqual([line])
  const [settlement] = ledger.settlements
  expect(settlement?.problems ?? []).toEqual(anomalies)
  return { line, settlement, anomalies, error }
}

// "twelve bytes" is 12 bytes: ceil(12 / 3.3) = 4 tokens, and 4 for the message.
const inputEstimate = 8
// ceil(8 bytes / 3.3) = 3, with a margin when the stream broke: ceil(3 * 1.05) + 20.
const words = 'abcdefgh'
const wordsTokens = 3
const wordsBroken = 24

describe('what an attempt is charged for', () => {
  const table: readonly {
    readonly what: string
    readonly script: Script
    readonly expected: { usageSource: string; billed: string; input: number; output: number }
  }[] = [
    {
      what: 'an answer: what was reported',
      script: [text(words), usage({ input: 100, output: 50 }), finish()],
      expected: { usageSource: 'reported', billed: 'yes', input: 100, output: 50 },
    },
    {
      what: 'usage in pieces: the last figure of each field, never the sum (P08)',
      script: [usage({ input: 100, output: 1 }), text(words), usage({ output: 20 }), usage({ output: 50 }), finish()],
      expected: { usageSource: 'reported', billed: 'yes', input: 100, output: 50 },
    },
    {
      what: 'an answer without usage: an estimate (P09)',
      script: [text(words), finish()],
      expected: { usageSource: 'estimated', billed: 'yes', input: inputEstimate, output: wordsTokens },
    },
    {
      what: 'an answer that comes as a whole part, without usage: an estimate as well',
      script: [{ type: 'part', part: { type: 'text', text: words } }, finish()],
      expected: { usageSource: 'estimated', billed: 'yes', input: inputEstimate, output: wordsTokens },
    },
    {
      what: 'an answer whose usage lacks the output: an estimate of that half',
      script: [usage({ input: 100 }), text(words), finish()],
      expected: { usageSource: 'partial', billed: 'yes', input: 100, output: wordsTokens },
    },
    {
      what: 'a stream that broke: input and output estimated, with a margin (N07)',
      script: [text(words), fault('stream_truncated')],
      expected: { usageSource: 'estimated', billed: 'yes', input: inputEstimate, output: wordsBroken },
    },
    {
      what: 'a stream that broke after its input was reported',
      script: [usage({ input: 100, output: 1 }), text(words), fault('network')],
      expected: { usageSource: 'partial', billed: 'yes', input: 100, output: wordsBroken },
    },
    {
      what: 'a stream that broke after more output was reported than seen',
      script: [usage({ input: 100, output: 900 }), text(words), fault('network')],
      expected: { usageSource: 'partial', billed: 'yes', input: 100, output: 900 },
    },
    {
      what: 'thoughts and arguments that were received are output too',
      script: [thought('abcd'), { type: 'tool_call_delta', index: 0, rawInput: 'efgh' }, fault('network')],
      expected: { usageSource: 'estimated', billed: 'yes', input: inputEstimate, output: wordsBroken },
    },
    {
      what: 'a refusal before any work: nothing',
      script: [fault('rate_limit')],
      expected: { usageSource: 'none', billed: 'no', input: 0, output: 0 },
    },
    {
      what: 'a stream that started and brought nothing: its input',
      script: [{ type: 'start' }, fault('stream_truncated')],
      expected: { usageSource: 'estimated', billed: 'yes', input: inputEstimate, output: 0 },
    },
    {
      what: 'a failure that the provider says is billed: its input',
      script: [fault('content_filter', { billed: 'yes' })],
      expected: { usageSource: 'estimated', billed: 'yes', input: inputEstimate, output: 0 },
    },
    {
      what: 'a request that died unseen within a second: nothing, and nobody knows (N06)',
      script: [{ waitMs: 999 }, fault('network')],
      expected: { usageSource: 'none', billed: 'unknown', input: 0, output: 0 },
    },
    {
      what: 'a request that died unseen later: what a model writes in that time (N06)',
      script: [{ waitMs: 2_500 }, fault('network')],
      expected: { usageSource: 'estimated', billed: 'unknown', input: inputEstimate, output: 250 },
    },
  ]
  test.each(table)('$what', async ({ script, expected }) => {
    const { line, settlement } = await bill(script)
    const { input, output, usageSource, billed } = expected
    expect(line).toMatchObject({ usageSource, billed, usage: { input, output, total: input + output } })
    expect(settlement).toMatchObject({ usageSource, usage: line?.usage, costUsd: line?.costUsd })
    expect(line?.costUsd).toBeCloseTo((input + output) / 1e6, 12)
  })

  test('unseen output is never more than was asked for (T01)', async () => {
    const { line } = await bill(
      [{ stall: 'until_abort' }],
      {},
      { maxOutputTokens: 70, timeout: { firstChunkMs: 5_000 } },
    )
    expect(line).toMatchObject({ kind: 'timeout', billed: 'unknown', usage: { output: 70 } })
  })

  test('what a consumer waited before the request was sent costs nothing', async () => {
    const { router, clock, ledger } = rig({ a: [[fault('network')]] }, noRetry)
    const reading = (async () => {
      for await (const event of router.stream({ messages: 'x' })) {
        if (event.type === 'attempt_start') await clock.sleep(60_000)
      }
    })()
    await expect(clock.run(reading)).rejects.toMatchObject({ kind: 'network', costUsd: 0 })
    expect(ledger.settlements).toMatchObject([{ usageSource: 'none' }])
  })

  test('leaving is charged for what was received (T07)', async () => {
    const { router, ledger } = rig({ a: [[usage({ input: 100 }), text(words), text('more'), finish()]] })
    for await (const event of router.stream({ messages: 'x' })) if (event.type === 'text_delta') break
    expect(ledger.settlements).toMatchObject([
      { usageSource: 'partial', usage: { input: 100, output: wordsBroken }, message: false },
    ])
  })

  test('only the attempt that answered is a message', async () => {
    const { router, clock, ledger } = rig({ a: [[text('a'), fault('server')], answered('ok')] })
    await clock.run(router.complete({ messages: 'x' }))
    expect(ledger.settlements.map(({ message }) => message)).toEqual([false, true])
  })
})

describe('figures that cannot be', () => {
  const odd = (figures: object): readonly Step[] => [
    text('a'),
    { type: 'usage', usage: figures as Partial<Usage> }, // what a wire may send
    finish(),
  ]
  test.each([
    [{ input: -5, output: 5 }, { input: 0, output: 5 }, ['input is not a token count']],
    [{ input: NaN, output: 5 }, { input: 0 }, ['input is not a token count']],
    [{ input: '12', output: 5 }, { input: 0 }, ['input is not a token count']],
    [{ input: Infinity, output: 5 }, { input: 0 }, ['input is not a token count']],
    [{ input: 2e9, output: 5 }, { input: 0 }, ['input is not a token count']],
    [{ input: 1.4, output: 5 }, { input: 1 }, []],
    [{ input: 1, output: 5, reasoning: 9 }, { output: 5, reasoning: 5 }, ['reasoning exceeds output']],
    [{ input: 1, cacheRead: 2, cacheWrite: 3, cacheWrite1h: 4, output: 5, reasoning: 5 }, { total: 15 }, []],
    [
      { input: 1, output: 1, audioIn: -1, webSearches: 2 },
      { audioIn: 0, webSearches: 2 },
      ['audioIn is not a token count'],
    ],
  ])('%j are clamped and told (J07)', async (figures, expected, problems) => {
    const { line, anomalies } = await bill(odd(figures))
    expect(line?.usage).toMatchObject(expected)
    expect(anomalies).toEqual(problems)
  })

  test('a figure that is undefined does not wipe an earlier one', async () => {
    const { line } = await bill([usage({ input: 7 }), ...odd({ input: undefined, output: 5 })])
    expect(line?.usage).toMatchObject({ input: 7, output: 5 })
  })

  test.each([-1, NaN, Infinity, '7'])('a reported cost of %s is told and replaced by the price (B13)', async (told) => {
    const reportedUsd = told as number // what a provider without types may say
    const { line, anomalies } = await bill([text('a'), usage({ input: 10, output: 10 }, reportedUsd), finish()])
    expect(line).toMatchObject({ costUsd: 0.00002, pricingSource: 'registry' })
    expect(anomalies).toEqual(['the reported cost is not an amount of money'])
  })

  test.each([
    // Twenty tokens are 0.00002 by the list.
    [0.0002, ['the reported cost is ten times the listed price, or more']],
    [0.000199, []],
    [0, []],
  ])('a reported cost of %d counts, and is told when it is ten times the listed price (B13)', async (usd, told) => {
    const { line, anomalies } = await bill([text('a'), usage({ input: 10, output: 10 }, usd), finish()])
    expect(line).toMatchObject({ costUsd: usd, pricingSource: 'provider' })
    expect(anomalies).toEqual(told)
  })

  test('a reported cost is compared with nothing where no list knows the model, or the usage is an estimate', async () => {
    const pricing = new FlatPricing(['m'])
    const unlisted = await bill([text('a'), usage({ input: 10, output: 10 }, 9), finish()], { pricing })
    const broken = await bill([usage({ input: 10 }, 9), text('a'), fault('network')])
    expect([...unlisted.anomalies, ...broken.anomalies]).toEqual([])
  })
})

describe('prices', () => {
  test.each([
    ['reported, zero included', [usage({ input: 10, output: 10 }, 0)], {}, { costUsd: 0, pricingSource: 'provider' }],
    ['reported', [usage({ input: 10, output: 10 }, 0.5)], {}, { costUsd: 0.5, pricingSource: 'provider' }],
    [
      'reported, without any pricing',
      [usage({ input: 1 }, 0.5)],
      { pricing: undefined },
      { costUsd: 0.5, pricingSource: 'provider' },
    ],
    ['of the registry', [usage({ input: 10, output: 10 })], {}, { costUsd: 0.00002, pricingSource: 'registry' }],
    ['unknown', [usage({ input: 10, output: 10 })], { pricing: new FlatPricing(['m']) }, { pricingSource: 'unknown' }],
  ] as const)('%s', async (_, events: readonly ProviderEvent[], options, expected) => {
    const { line, error } = await bill([text('a'), ...events, finish()], options)
    expect(error).toBeUndefined()
    expect(line).toMatchObject(expected)
    expect(line?.costUsd).toBe('costUsd' in expected ? expected.costUsd : undefined)
  })

  test('are those of the model that served, else of the one that was asked for (P10)', async () => {
    const pricing = new FlatPricing(['served-unknown'])
    const start = (model: string): ProviderEvent => ({ type: 'start', model })
    await bill([start('served'), ...answered('a')], { pricing })
    expect(pricing.calls.map(({ model }) => model)).toEqual(['served'])
    const { line } = await bill([start('served-unknown'), ...answered('a')], { pricing })
    expect(pricing.calls.map(({ model }) => model)).toEqual(['served', 'served-unknown', 'm'])
    expect(line).toMatchObject({ model: 'm', servedModel: 'served-unknown', pricingSource: 'registry' })
  })

  test('are asked by vendor, tier and time', async () => {
    const pricing = new FlatPricing()
    await bill([text('a'), usage({ input: 1, output: 1, serviceTier: 'flex' }), finish()], {
      pricing,
      scripted: { a: { vendor: 'v' } },
    })
    expect(pricing.calls).toMatchObject([
      { provider: 'a', vendor: 'v', model: 'm', serviceTier: 'flex', at: Date.parse('2026-01-01T00:00:00Z') },
    ])
  })

  test('of a free model are zero, whatever the usage', async () => {
    const { line } = await bill(answered('a'), {
      pricing: new FlatPricing(['m']),
      scripted: { a: { traits: { free: true } } },
    })
    expect(line).toMatchObject({ costUsd: 0 })
  })

  test('that throw leave the attempt unpriced and settled', async () => {
    const pricing: Pricing = {
      price: () => {
        throw new Error('no table')
      },
    }
    const { line, settlement, error, anomalies } = await bill(answered('a'), { pricing })
    expect(error).toBeUndefined()
    expect(line).toMatchObject({ outcome: 'ok', pricingSource: 'unknown' })
    expect(settlement).toMatchObject({ pricingSource: 'unknown', usage: { input: 10, output: 5 } })
    expect(anomalies).toEqual(['the pricing threw; the attempt is unpriced'])
  })

  test('are those of the beginning, whatever is registered meanwhile (B11)', async () => {
    let perToken = 1e6
    const at = (pico: number): Pricing => ({
      price: ({ usage: { total } }) => {
        const all = total * pico
        return { priced: true, usd: all / 1e12, pico: all, source: 'registry', breakdown: [], stale: false }
      },
    })
    const pricing: Pricing = { price: (sold) => at(perToken).price(sold), pin: () => at(perToken) }
    const dearer = { run: () => void (perToken = 5e6) }
    const script: Script = [text('a'), dearer, usage({ input: 10, output: 10 }), finish()]
    expect((await bill(script, { pricing })).line).toMatchObject({ costUsd: 0.00002 })
    expect((await bill(script, { pricing })).line).toMatchObject({ costUsd: 0.0001 })
  })

  test('that are stale are told once per model', async () => {
    const pricing: Pricing = {
      price: () => ({
        priced: true,
        usd: 1,
        pico: 1e12,
        source: 'registry',
        breakdown: [],
        stale: true,
        priceDate: '2025-12-02',
      }),
    }
    const { router, clock } = rig({ a: [answered('a')] }, { pricing })
    const told: unknown[] = []
    router.on('price_stale', (event) => told.push(event))
    for (let i = 0; i < 3; i++) await clock.run(router.complete({ messages: 'x' }))
    expect(told).toEqual([{ model: 'm', ageDays: 30 }])
  })
})

describe('the sum of a call', () => {
  test('is over all attempts, in whole nano-USD', async () => {
    const { router, clock, ledger } = rig({
      a: [[usage({ input: 1, output: 2 }), text('a'), fault('server')], answered('ok')],
    })
    const response = await clock.run(router.complete({ messages: 'x' }))
    expect(response.attempts.map(({ costUsd }) => costUsd)).toEqual([0.000023, 0.000015])
    expect(response.costUsd).toBe(0.000038)
    expect(ledger.postedUsd).toBeCloseTo(0.000038, 12)
  })

  test('is absent when one attempt has no price', async () => {
    const { router, clock } = rig(
      { a: [[text('a'), fault('auth')]], b: [answered('ok')] },
      { pricing: new FlatPricing(['m']), fallbacks: ['b/n'] },
    )
    const response = await clock.run(router.complete({ messages: 'x' }))
    expect(response).not.toHaveProperty('costUsd')
    expect(response.pricingSource).toBe('registry')
  })

  test('of many small ones has no drift (B12)', async () => {
    const patient = { ...noRetry, fallbacks: [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 3 }] } as const
    const tiny = usage({ input: 1 }, 1.5e-8)
    const broken = [tiny, text('a'), fault('server')]
    const { router, clock } = rig({ a: [broken, broken, [tiny, text('a'), finish()]] }, patient)
    expect((await clock.run(router.complete({ messages: 'x' }))).costUsd).toBe(4.5e-8)
  })

  test('a failed call says what it cost', async () => {
    const { router, clock, ledger } = rig({ a: [[text('a'), fault('server')]] })
    const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect((error as LLMError).attempts).toHaveLength(3)
    expect((error as LLMError).costUsd).toBeCloseTo(ledger.postedUsd, 9)
    expect((error as LLMError).costUsd).toBeGreaterThan(0)
  })
})

describe('the budget', () => {
  test('is asked, told and paid in order, for every attempt', async () => {
    const { router, clock, ledger, leaks } = rig(
      { a: [[fault('server')], [fault('server')]], b: [answered('ok')] },
      { fallbacks: ['b/m'] },
    )
    await clock.run(router.complete({ messages: 'x' }))
    const each = (target: string) => ['reserve', 'dispatch', 'settle'].map((step) => `${step} ${target}`)
    expect(ledger.log).toEqual(['a/m', 'a/m', 'a/m', 'b/m'].flatMap(each))
    expect(leaks()).toEqual([])
  })

  test('learns whose spending it is', async () => {
    const { router, ledger, providers } = rig(
      { a: [answered('ok')] },
      { tags: { team: 'red' }, scripted: { a: { vendor: 'v' } } },
    )
    await router.complete({ messages: 'x', session: 'support:slack:42', timeout: 5_000 })
    await router.complete({ messages: 'x', session: 's', agent: 'own' })
    await router.complete({ messages: 'x' })
    const [first, second, third] = [...ledger.entries.values()].map(({ request }) => request)
    expect(first).toMatchObject({
      provider: 'a',
      vendor: 'v',
      model: 'm',
      session: 'support:slack:42',
      agent: 'support',
      tags: { team: 'red' },
      leaseMs: 65_000,
      attemptId: providers.a.sent[0]?.request.attemptId,
    })
    expect(second).toMatchObject({ session: 's', agent: 'own' })
    expect(third).not.toHaveProperty('session')
    expect(third).not.toHaveProperty('agent')
  })

  test('may lower what the request asks for (B03)', async () => {
    const { router, providers } = rig({ a: [answered('ok')] }, { budget: new Ledger({ maxOutputTokens: 33 }) })
    await router.complete({ messages: 'x', maxOutputTokens: 1_000 })
    expect(providers.a.sent[0]?.request.maxOutputTokens).toBe(33)
  })

  test('an overrun is posted in full and told (B05)', async () => {
    const { router, ledger } = rig({ a: [answered('ok')] }, { budget: new Ledger({ worstUsd: 0.00001 }) })
    const told: unknown[] = []
    router.on('budget_overrun', (event) => told.push(event))
    await router.complete({ messages: 'x' })
    expect(told).toMatchObject([{ reservedUsd: 0.00001, costUsd: 0.000015 }])
    expect(ledger.postedUsd).toBe(0.000015)
  })

  test('holds with a hundred calls at once and room for ten (B01)', async () => {
    const { router, clock, providers, leaks, ledger } = rig(
      { a: [[{ waitMs: 10 }, text('a'), usage({ input: 1 }, 1), finish()]] },
      { budget: new Ledger({ hardUsd: 10 }) },
    )
    const outcomes = await clock.run(
      Promise.all(Array.from({ length: 100 }, () => readAll(router.stream({ messages: 'x' })))),
    )
    expect(outcomes.filter(({ error }) => error === undefined)).toHaveLength(10)
    expect(providers.a.sent).toHaveLength(10)
    expect(ledger.postedUsd).toBe(10)
    expect(leaks()).toEqual([])
  })

  const down = (method: string, times: number) => {
    let left = times
    return new Ledger({
      before: (asked) => {
        if (asked === method && left-- > 0) throw new Error('down')
      },
    })
  }

  test.each(['reserve', 'dispatch'])('that fails once at %s is asked once more, soon', async (method) => {
    const { router, clock, leaks } = rig({ a: [answered('ok')] }, { budget: down(method, 1) })
    expect((await clock.run(router.complete({ messages: 'x' }))).text).toBe('ok')
    expect(clock.now()).toBe(50)
    expect(leaks()).toEqual([])
  })

  test.each(['reserve', 'dispatch'])('that is down at %s fails closed: nothing is sent (D01)', async (method) => {
    const { router, clock, providers, leaks } = rig(
      { a: [answered('ok')], b: [answered('ok')] },
      { budget: down(method, 9), fallbacks: ['b/m'] },
    )
    const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(error).toMatchObject({
      kind: 'store',
      message: 'the budget store does not answer; nothing was sent',
      costUsd: 0,
    })
    expect([providers.a.sent.length, providers.b.sent.length]).toEqual([0, 0])
    expect(leaks()).toEqual([])
  })

  test('that may have reserved before it failed is told that nothing will be sent', async () => {
    let failures = 2
    const ledger = new Ledger()
    const reserve = ledger.reserve.bind(ledger)
    // The store applies what it is told, and its answers are lost.
    ledger.reserve = async (request) => {
      const result = await reserve(request)
      if (failures-- > 0) throw new Error('the answer was lost')
      return result
    }
    const { router, clock, leaks } = rig({ a: [answered('ok')] }, { budget: ledger })
    expect((await clock.run(readAll(router.stream({ messages: 'x' })))).error).toMatchObject({ kind: 'store' })
    expect(leaks()).toEqual([])
  })

  test("that is down at settle is nobody's error: it is told later, and close() waits for it (D02)", async () => {
    const { router, clock, ledger, leaks } = rig({ a: [answered('ok')] }, { budget: down('settle', 3) })
    expect((await clock.run(router.complete({ messages: 'x' }))).text).toBe('ok')
    expect(ledger.pendingUsd).toBe(1)
    await clock.run(router.close())
    expect(ledger.settlements).toHaveLength(1)
    expect(leaks()).toEqual([])
  })

  test('that waits for room hears of an abort, and what it grants too late is freed', async () => {
    const controller = new AbortController()
    const { clock: time, ...own } = (() => {
      const made: ReturnType<typeof rig<'a'>> = rig(
        { a: [answered('ok')] },
        { budget: new Ledger({ before: (method) => (method === 'reserve' ? made.clock.sleep(10_000) : undefined) }) },
      )
      return made
    })()
    const reading = readAll(own.router.stream({ messages: 'x', signal: controller.signal }))
    await time.advance(1_000)
    controller.abort()
    expect(await time.run(reading)).toMatchObject({ error: { kind: 'cancelled' } })
    expect(own.providers.a.sent).toEqual([])
    expect(own.leaks()).toEqual([])
  })
})
