import { describe, expect, test } from 'vitest'
import { LLMError, Router, jsonSchema } from '@wayfare/core'
import type {
  Attempt,
  ChatEvent,
  Fallbacks,
  LLMErrorFacts,
  LLMErrorKind,
  Provider,
  ProviderEvent,
  ReserveRequest,
  ReserveResult,
} from '@wayfare/core'
import { steady } from './kit/chance.ts'
import { VirtualClock } from './kit/clock.ts'
import { answered, call, finish, text, thought, usage } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import { FlatPricing } from './kit/pricing.ts'
import type { Script } from './kit/provider.ts'
import { brief, readAll, rig } from './kit/rig.ts'
import type { Rig, RigOptions } from './kit/rig.ts'

const fault = (kind: LLMErrorKind, facts: LLMErrorFacts = {}): LLMError => new LLMError(kind, `a ${kind}`, facts)
const after = (waitMs: number, steps: Script): Script => [{ waitMs }, ...steps]
const quick = after(100, answered('quick'))
const slow = after(5_000, answered('slow'))
const ofTwo = { alternatives: ['b/m'], hedge: { afterMs: 1_000 } } as const
type Names = 'a' | 'b' | 'c'

function hedged(scripts: Partial<Record<Names, readonly Script[]>>, options: RigOptions = {}): Rig<Names> {
  return rig({ a: [slow], b: [quick], c: [quick], ...scripts }, { ...ofTwo, ...options })
}

async function outcome(made: Rig<Names>) {
  const stream = made.router.stream({ messages: 'twelve bytes' })
  const { items, error } = await made.clock.run(readAll(stream))
  const response = await stream.response().catch(() => undefined)
  const attempts = response?.attempts ?? (error as LLMError | undefined)?.attempts ?? []
  expect(made.leaks()).toEqual([])
  checkBill(made, attempts, response?.costUsd ?? (error as LLMError | undefined)?.costUsd)
  return {
    events: brief(items),
    items,
    error: error as LLMError | undefined,
    response,
    attempts,
    at: Math.round(made.clock.now()),
  }
}

/** Every request has its line, and every line was posted. */
function checkBill({ ledger, providers }: Rig<Names>, attempts: readonly Attempt[], costUsd: number | undefined): void {
  const sent = Object.values(providers).flatMap((provider) => provider.sent.map(({ request }) => request.attemptId))
  const posted = [...ledger.entries].filter(([, { state, asked }]) => state === 'settled' && asked)
  expect(attempts.map(({ id }) => id).toSorted()).toEqual(sent.toSorted())
  expect(posted.map(([id]) => id).toSorted()).toEqual(sent.toSorted())
  expect(ledger.postedUsd).toBeCloseTo(costUsd ?? Number.NaN, 12)
  expect(ledger.settlements.filter(({ message }) => message)).toHaveLength(
    attempts.filter((line) => line.outcome === 'ok').length,
  )
}

const lines = (attempts: readonly Attempt[]): readonly string[] =>
  attempts.map(({ provider, outcome: how, totalMs }) => `${provider} ${how} ${totalMs}`)

describe('the race', () => {
  interface Row {
    readonly what: string
    readonly scripts: Partial<Record<Names, readonly Script[]>>
    readonly options?: RigOptions
    readonly events: readonly string[]
    readonly lines: readonly string[]
    readonly at: number
  }
  const both = ['start 1 a/m', 'start 2 b/m']
  const table: readonly Row[] = [
    {
      what: 'is won by the second, and the first is cancelled',
      scripts: {},
      events: [...both, 'quick', 'finish stop'],
      lines: ['a cancelled 1100', 'b ok 100'],
      at: 1_100,
    },
    {
      what: 'is won by the first, and the second is cancelled',
      scripts: { a: [after(1_500, answered('first'))], b: [slow] },
      events: [...both, 'first', 'finish stop'],
      lines: ['b cancelled 500', 'a ok 1500'],
      at: 1_500,
    },
    {
      what: 'does not begin when the first answers in time',
      scripts: { a: [after(999, answered('first'))] },
      events: ['start 1 a/m', 'first', 'finish stop'],
      lines: ['a ok 999'],
      at: 999,
    },
    {
      what: 'begins when only usage and keep-alives came',
      scripts: { a: [[{ type: 'start' }, usage({ input: 3 }), text(''), { waitMs: 5_000 }, ...answered('slow')]] },
      events: [...both, 'quick', 'finish stop'],
      lines: ['a cancelled 1100', 'b ok 100'],
      at: 1_100,
    },
    {
      what: 'is over once it is won: the winner may take its time',
      scripts: {
        a: [after(1_200, [text('fir'), { waitMs: 9_000 }, text('st'), finish()])],
        b: [after(300, answered('x'))],
      },
      events: [...both, 'fir', 'st', 'finish stop'],
      lines: ['b cancelled 200', 'a ok 10200'],
      at: 10_200,
    },
    {
      what: 'is won by thoughts',
      scripts: { b: [[{ waitMs: 100 }, thought('hm'), { waitMs: 9_000 }, ...answered('b')]] },
      events: [...both, '(hm)', 'b', 'finish stop'],
      lines: ['a cancelled 1100', 'b ok 9100'],
      at: 10_100,
    },
    {
      what: 'is won by arguments of a tool call, though nothing is shown yet',
      scripts: {
        b: [
          [
            { waitMs: 100 },
            { type: 'tool_call_delta', index: 0, rawInput: '{' },
            { waitMs: 9_000 },
            call('look', {}),
            finish('tool_calls'),
          ],
        ],
      },
      events: [...both, 'call look', 'finish tool_calls'],
      lines: ['a cancelled 1100', 'b ok 9100'],
      at: 10_100,
    },
    {
      what: "is won by a tool that runs at the vendor's: it must not run twice",
      scripts: { b: [[{ waitMs: 100 }, { type: 'side_effect', name: 's' }, { waitMs: 9_000 }, ...answered('b')]] },
      events: [...both, 'b', 'finish stop'],
      lines: ['a cancelled 1100', 'b ok 9100'],
      at: 10_100,
    },
    {
      what: "does not begin when a tool ran at the vendor's",
      scripts: { a: [[{ type: 'side_effect', name: 's' }, { waitMs: 5_000 }, ...answered('slow')]] },
      events: ['start 1 a/m', 'slow', 'finish stop'],
      lines: ['a ok 5000'],
      at: 5_000,
    },
    {
      what: 'is won by an answer without a word',
      scripts: { b: [[{ waitMs: 100 }, finish()]] },
      events: [...both, 'finish stop'],
      lines: ['a cancelled 1100', 'b ok 100'],
      at: 1_100,
    },
    {
      what: 'begins at once when told so',
      scripts: {},
      options: { hedge: { afterMs: 0 } },
      events: [...both, 'quick', 'finish stop'],
      lines: ['a cancelled 100', 'b ok 100'],
      at: 100,
    },
    {
      what: 'never begins when told so',
      scripts: {},
      options: { hedge: { afterMs: Infinity } },
      events: ['start 1 a/m', 'slow', 'finish stop'],
      lines: ['a ok 5000'],
      at: 5_000,
    },
    {
      what: 'goes on alone when the first fails, which is told',
      scripts: { a: [after(1_050, [fault('server')])] },
      events: [...both, 'failed 1 server', 'quick', 'finish stop'],
      lines: ['a failed 1050', 'b ok 100'],
      at: 1_100,
    },
    {
      what: 'goes on alone when the second fails, which is told',
      scripts: { b: [[fault('rate_limit')]] },
      events: [...both, 'failed 2 rate_limit', 'slow', 'finish stop'],
      lines: ['b failed 0', 'a ok 5000'],
      at: 5_000,
    },
    {
      what: 'is lost by both: the call goes on from the last failure',
      scripts: { a: [after(2_000, [fault('auth')])], b: [[fault('auth')]] },
      options: { fallbacks: ['c/m'] },
      events: [...both, 'failed 2 auth', 'failed 1 auth', 'start 3 c/m', 'quick', 'finish stop'],
      lines: ['b failed 0', 'a failed 2000', 'c ok 100'],
      at: 2_100,
    },
    {
      what: 'is lost by both, the second last: it is retried as any target is',
      scripts: { a: [after(1_050, [fault('auth')])], b: [after(100, [fault('conflict')]), quick] },
      options: { random: steady(0) },
      events: [...both, 'failed 1 auth', 'failed 2 conflict', 'start 3 b/m', 'quick', 'finish stop'],
      lines: ['a failed 1050', 'b failed 100', 'b ok 100'],
      at: 1_200,
    },
    {
      what: 'may begin with a later attempt, if the first failed at once',
      scripts: { a: [[fault('server')]], b: [slow] },
      options: { fallbacks: ['c/m'] },
      events: ['start 1 a/m', 'failed 1 server', 'start 2 b/m', 'start 3 c/m', 'quick', 'finish stop'],
      lines: ['a failed 0', 'b cancelled 1100', 'c ok 100'],
      at: 1_100,
    },
    {
      what: 'is run once per call',
      scripts: { a: [[{ waitMs: 2_000 }, fault('server')]], b: [after(500, [fault('server')])], c: [slow] },
      options: { alternatives: ['b/m', 'c/m', 'c/n'] },
      events: [...both, 'failed 2 server', 'failed 1 server', 'start 3 c/m', 'slow', 'finish stop'],
      lines: ['b failed 500', 'a failed 2000', 'c ok 5000'],
      at: 7_000,
    },
    {
      what: 'does not begin once something was shown, though it was taken back',
      scripts: { a: [[text('a'), fault('server')]], b: [slow] },
      options: { alternatives: ['b/m', 'c/m'] },
      events: ['start 1 a/m', 'a', 'failed 1 server', 'reset 1', 'start 2 b/m', 'slow', 'finish stop'],
      lines: ['a failed 0', 'b ok 5000'],
      at: 5_000,
    },
    {
      what: 'gives the loser its turn back: should the winner break, it may still help',
      scripts: { a: [after(1_500, [text('a'), fault('auth')])], b: [slow, quick] },
      events: [...both, 'a', 'failed 1 auth', 'reset 1', 'start 3 b/m', 'quick', 'finish stop'],
      lines: ['b cancelled 500', 'a failed 1500', 'b ok 100'],
      at: 1_600,
    },
    {
      what: 'does not begin without another target',
      scripts: {},
      options: { alternatives: [] },
      events: ['start 1 a/m', 'slow', 'finish stop'],
      lines: ['a ok 5000'],
      at: 5_000,
    },
    {
      what: 'does not begin at a target that cannot take the request',
      scripts: {},
      options: {
        scripted: { b: { traits: { tools: false } } },
        tools: { look: { inputSchema: jsonSchema({}) } },
      },
      events: ['start 1 a/m', 'slow', 'finish stop'],
      lines: ['a ok 5000'],
      at: 5_000,
    },
    {
      what: 'does not begin when the budget refuses',
      scripts: {},
      options: { budget: new Ledger({ refuse: ({ provider }) => provider === 'b' }) },
      events: ['start 1 a/m', 'slow', 'finish stop'],
      lines: ['a ok 5000'],
      at: 5_000,
    },
    {
      what: 'does not begin when the store is down',
      scripts: {},
      options: { budget: storeDown() },
      events: ['start 1 a/m', 'slow', 'finish stop'],
      lines: ['a ok 5000'],
      at: 5_000,
    },
  ]
  test.each(table)('$what', async ({ scripts, options, ...expected }) => {
    const { events, attempts, at } = await outcome(hedged(scripts, options))
    expect({ what: expected.what, events, lines: lines(attempts), at }).toEqual(expected)
  })

  /** The second reservation finds nobody. */
  function storeDown(): Ledger {
    let asked = 0
    return new Ledger({
      before: (method) => {
        if (method === 'reserve' && ++asked > 1) throw new Error('down')
      },
    })
  }
})

describe('where the second goes', () => {
  test.each<[string, Fallbacks, string]>([
    ['a bare reference', ['b/m', 'c/m'], 'b'],
    ['a rule for error', [{ trigger: 'error', action: 'switch_provider', provider: 'c', model: 'm' }, 'b/m'], 'c'],
    ['no rule for one kind', [{ trigger: 'timeout', action: 'switch_provider', provider: 'b', model: 'm' }], ''],
    ['no rule for money', [{ trigger: 'low_funds', action: 'switch_provider', provider: 'b', model: 'm' }], ''],
    ['never the same target', ['a/m', 'c/m'], 'c'],
  ])('%s', async (_, fallbacks, expected) => {
    const { events } = await outcome(hedged({}, { alternatives: [], fallbacks }))
    expect(events.filter((event) => event.startsWith('start 2'))).toEqual(
      expected === '' ? [] : [`start 2 ${expected}/m`],
    )
  })

  test('the group goes before the rules, and who is left alone is passed over', async () => {
    const made = hedged({ b: [[fault('auth')], quick] }, { fallbacks: ['c/m'] })
    expect((await outcome(made)).events).toContain('start 2 b/m')
    expect((await made.clock.run(readAll(made.router.stream({ messages: 'x' })))).items).toContainEqual({
      type: 'attempt_start',
      attempt: 2,
      target: { provider: 'c', model: 'm' },
    })
  })
})

test('a target that was left alone may prove itself as the second', async () => {
  const made = hedged({ b: [[fault('auth')], quick] })
  const states: string[] = []
  made.router.on('breaker', ({ key, state }) => states.push(`${key} ${state}`))
  await outcomeOnly(made)
  await made.clock.advance(120_000)
  const { attempts } = await made.clock.run(made.router.complete({ messages: 'x' }))
  expect(attempts.at(-1)?.provider).toBe('b')
  expect(states).toEqual(['b open', 'b half_open'])
})

describe('the loser', () => {
  test('is told to the listeners as cancelled, before the winner', async () => {
    const made = hedged({})
    const told: string[] = []
    made.router.on('attempt', ({ provider, outcome: how }) => told.push(`${provider} ${how}`))
    await outcome(made)
    expect(told).toEqual(['a cancelled', 'b ok'])
  })

  test('counts neither as a failure of its target nor as an error of the call', async () => {
    const made = hedged({ b: [after(100, [text('b'), fault('bad_request')])] })
    const states: string[] = []
    made.router.on('breaker', ({ key }) => states.push(key))
    for (let n = 0; n < 12; n++) {
      const { error } = await outcomeOnly(made)
      expect(error).toMatchObject({ kind: 'bad_request', partial: { text: 'b' } })
      expect(error?.cause).toBeUndefined()
    }
    expect(states).toEqual([])
  })

  test('is charged for what it may go on to write where a limit holds and nobody knows that it stops', async () => {
    const limits = { budget: new Ledger({ maxOutputTokens: 1_000 }) }
    const running = await outcome(hedged({}, limits))
    expect(running.attempts[0]).toMatchObject({ provider: 'a', usageSource: 'worst_case', usage: { output: 1_000 } })
    const stopping = await outcome(
      hedged(
        {},
        { budget: new Ledger({ maxOutputTokens: 1_000 }), scripted: { a: { traits: { stopsOnAbort: true } } } },
      ),
    )
    expect(stopping.attempts[0]).toMatchObject({ provider: 'a', usageSource: 'estimated', usage: { output: 110 } })
  })

  test('that will not leave holds back neither the answer nor, beyond a second, its end', async () => {
    const made = hedged({ a: [[{ stall: 'for_ever' }]] })
    const seen: string[] = []
    const reading = (async () => {
      for await (const event of made.router.stream({ messages: 'x' })) seen.push(`${event.type} ${made.clock.now()}`)
    })()
    await made.clock.run(reading)
    expect(seen).toEqual(['attempt_start 0', 'attempt_start 1000', 'text_delta 1100', 'finish 2100'])
    expect(made.clock.timersLeft).toBe(0)
    expect(made.ledger.pendingUsd).toBe(0)
  })

  test('and the winner in the same instant: one is chosen, nothing of the other is shown', async () => {
    const { events, attempts } = await outcome(
      hedged({ a: [after(1_100, answered('first'))], b: [after(100, answered('second'))] }),
    )
    expect(events).toEqual(['start 1 a/m', 'start 2 b/m', 'first', 'finish stop'])
    expect(lines(attempts)).toEqual(['b cancelled 100', 'a ok 1100'])
  })

  test.each<[string, readonly ProviderEvent[]]>([
    ['a whole answer', [text('second'), usage({ input: 1, output: 1 }), finish()]],
    ['an answer without a word', [usage({ input: 1, output: 1 }), finish()]],
  ])('that has read %s in the very same tick is cancelled and billed', async (_, whole) => {
    const clock = new VirtualClock()
    const budget = new Ledger()
    const gate = clock.sleep(2_000)
    const made = (name: string, events: readonly ProviderEvent[]): Provider => ({
      name,
      async *chat() {
        await gate
        yield events
      },
    })
    const providers = [made('a', [text('first'), usage({ input: 1, output: 1 }), finish()]), made('b', whole)]
    const router = new Router({ providers, model: 'a/m', ...ofTwo, clock, budget, pricing: new FlatPricing() })
    const { items } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(brief(items)).toEqual(['start 1 a/m', 'start 2 b/m', 'first', 'finish stop'])
    const last = items.at(-1)
    expect(last?.type === 'finish' && last.response.attempts).toMatchObject([
      { provider: 'b', outcome: 'cancelled', billed: 'yes' },
      { provider: 'a', outcome: 'ok' },
    ])
    expect(budget.settlements.map(({ message }) => message)).toEqual([true, false])
    expect([budget.pendingUsd, budget.violations, clock.timersLeft]).toEqual([0, [], 0])
  })
})

describe('the reservation of the second', () => {
  /** Reservations after the first take so long. */
  const slowly = (clock: { sleep(ms: number): Promise<void> }, ms: number) => {
    let asked = 0
    return async (method: string): Promise<void> => {
      if (method === 'reserve' && ++asked > 1) await clock.sleep(ms)
    }
  }
  async function withSlowStore(a: Script, ms: number) {
    const clock = new VirtualClock()
    return outcome(hedged({ a: [a] }, { clock, budget: new Ledger({ before: slowly(clock, ms) }) }))
  }

  test('is given back when the first answers meanwhile', async () => {
    const { events, at } = await withSlowStore(after(1_200, answered('first')), 700)
    expect(events).toEqual(['start 1 a/m', 'first', 'finish stop'])
    expect(at).toBe(1_700)
  })

  test('is given back when the first fails meanwhile, and the call goes on as ever', async () => {
    const { events } = await withSlowStore(after(1_200, [fault('auth')]), 700)
    expect(events).toEqual(['start 1 a/m', 'failed 1 auth', 'start 2 b/m', 'quick', 'finish stop'])
  })

  test('that waits for room hears at once that it is not needed', async () => {
    class Full extends Ledger {
      override async reserve(request: ReserveRequest): Promise<ReserveResult> {
        if (request.provider !== 'b') return super.reserve(request)
        await new Promise((resolve) => request.signal.addEventListener('abort', resolve, { once: true }))
        return { ok: false, scope: { kind: 'global' }, limitUsd: 1, reason: 'in_flight' }
      }
    }
    const { events, at } = await outcome(hedged({}, { budget: new Full() }))
    expect(events).toEqual(['start 1 a/m', 'slow', 'finish stop'])
    expect(at).toBe(5_000)
  })

  test('is waited for no longer than the call lives', async () => {
    const clock = new VirtualClock()
    const budget = new Ledger({ before: slowly(clock, 700) })
    const made = hedged({ a: [[{ stall: 'until_abort' }]] }, { clock, budget, timeout: 1_500 })
    expect((await outcome(made)).error).toMatchObject({ kind: 'deadline' })
    expect(made.providers.b.chats).toBe(0)
  })

  test('tells of a soft limit that it is the first beyond', async () => {
    const soft = ({ provider }: { provider: string }) =>
      provider === 'b' ? [{ scope: { kind: 'global' as const }, limitUsd: 1, spentUsd: 2, first: true as const }] : []
    const { events } = await outcome(hedged({}, { budget: new Ledger({ soft }) }))
    expect(events).toEqual(['start 1 a/m', 'soft_limit', 'start 2 b/m', 'quick', 'finish stop'])
  })
})

describe('a reader who takes its time', () => {
  /** Reads with a pause at the k-th event. */
  async function pausing(made: Rig<Names>, k: number, pauseMs: number): Promise<readonly string[]> {
    const seen: ChatEvent[] = []
    const reading = (async () => {
      for await (const event of made.router.stream({ messages: 'x' }))
        if (seen.push(event) === k) await made.clock.sleep(pauseMs)
    })()
    await made.clock.run(reading)
    expect(made.leaks()).toEqual([])
    return brief(seen)
  }

  test('at the first start does not make its target late', async () => {
    const made = hedged({ a: [after(500, answered('first'))] })
    expect(await pausing(made, 1, 60_000)).toEqual(['start 1 a/m', 'first', 'finish stop'])
    expect(made.providers.b.chats).toBe(0)
  })

  test('at the second start does not have it sent when the first answers meanwhile', async () => {
    const made = hedged({})
    expect(await pausing(made, 2, 60_000)).toEqual(['start 1 a/m', 'start 2 b/m', 'slow', 'finish stop'])
    expect(made.providers.b.chats).toBe(0)
  })

  test('at the second start has it sent when the first failed meanwhile', async () => {
    const made = hedged({ a: [after(1_200, [fault('auth')])] })
    const expected = ['start 1 a/m', 'start 2 b/m', 'failed 1 auth', 'quick', 'finish stop']
    expect(await pausing(made, 2, 60_000)).toEqual(expected)
  })
})

describe('the end of the call', () => {
  test.each(['a', 'b'])('by a break at the first word of %s bills each attempt once', async (winner) => {
    const words = [text('first'), text('second'), finish()]
    const made = hedged(winner === 'a' ? { a: [after(1_500, words)], b: [slow] } : { b: [after(100, words)] })
    const stream = made.router.stream({ messages: 'x' })
    const reading = (async () => {
      for await (const event of stream) if (event.type === 'text_delta') break
    })()
    await made.clock.run(reading)
    const error: unknown = await stream.response().catch((each: unknown) => each)
    expect(made.leaks()).toEqual([])
    expect(error).toMatchObject({ kind: 'cancelled', partial: { text: 'first' } })
    const { attempts } = error as LLMError // as was matched
    expect(attempts?.map(({ provider }) => provider)).toEqual(winner === 'a' ? ['b', 'a'] : ['a', 'b'])
  })

  test('by two failures has both as its cause', async () => {
    const made = hedged({ a: [after(2_000, [fault('auth')])], b: [[fault('billing')]] })
    const { error } = await outcome(made)
    expect(error).toMatchObject({ kind: 'auth', cause: { errors: [{ kind: 'billing' }, { kind: 'auth' }] } })
  })

  test.each([1, 999, 1_000, 1_001, 1_099, 1_100, 1_101, 1_899])(
    'by its deadline after %i ms leaves nothing over and is told once',
    async (totalMs) => {
      const made = hedged(
        { a: [[{ stall: 'until_abort' }]], b: [after(100, [text('b'), { waitMs: 800 }, fault('server')])] },
        { timeout: totalMs },
      )
      const { error, events } = await outcome(made)
      expect(error).toMatchObject({ kind: 'deadline' })
      expect(error?.cause).toBeUndefined()
      expect(events.filter((event) => event.startsWith('failed'))).toHaveLength(1)
      expect(made.clock.now()).toBe(totalMs)
    },
  )

  test('by its signal keeps the reason of the signal as its cause', async () => {
    const made = hedged({ b: [slow] })
    const controller = new AbortController()
    const reading = readAll(made.router.stream({ messages: 'x', signal: controller.signal }))
    await made.clock.advance(1_500)
    expect(made.providers.a.open + made.providers.b.open).toBe(2)
    controller.abort(new Error('mine'))
    const { error } = await made.clock.run(reading)
    expect(error).toMatchObject({ kind: 'cancelled', cause: { message: 'mine' } })
    expect(made.leaks()).toEqual([])
    expect((error as LLMError).attempts).toHaveLength(2)
  })

  test('by close() while both are under way', async () => {
    const made = hedged({ b: [slow] })
    const stream = made.router.stream({ messages: 'x' })
    const reading = readAll(stream)
    await made.clock.advance(1_500)
    await made.clock.run(stream.close())
    await made.clock.run(reading)
    expect(made.leaks()).toEqual([])
    await expect(stream.response()).rejects.toMatchObject({ kind: 'cancelled' })
  })
})

test("a failure in the same read as a tool that ran at the vendor's ends the call, and the other attempt with it", async () => {
  const made = hedged({ b: [after(100, [[{ type: 'side_effect', name: 's' }, finish(), text('late')]])] })
  const { events, error, attempts } = await outcome(made)
  expect(events).toEqual(['start 1 a/m', 'start 2 b/m', 'failed 2 protocol'])
  expect(error).toMatchObject({ kind: 'protocol', sideEffects: true })
  expect(lines(attempts)).toEqual(['a cancelled 1100', 'b failed 100'])
})

test('the text alone is that of the winner', async () => {
  const made = hedged({})
  const { items } = await made.clock.run(readAll(made.router.stream({ messages: 'x' }).textStream))
  expect(items).toEqual(['quick'])
})

test('one JSON body is raced as a stream is', async () => {
  const made = hedged({})
  expect((await made.clock.run(made.router.complete({ messages: 'x', stream: false }))).text).toBe('quick')
})

test('a target that is outrun again and again is not the fastest', async () => {
  const made = hedged({ a: [[{ stall: 'until_abort' }]] }, { order: 'fastest' })
  await outcomeOnly(made)
  expect(made.router.plan({ messages: 'x' }).targets.map(({ provider }) => provider)).toEqual(['b', 'a'])
})

test('a session stays with the winner', async () => {
  const made = hedged({}, { affinity: { ttlMs: 60_000 }, session: 's' })
  await outcomeOnly(made)
  expect(made.router.plan({ messages: 'x' }).targets[0]?.provider).toBe('b')
})

async function outcomeOnly(made: Rig<Names>): Promise<{ readonly error?: LLMError | undefined }> {
  const { error } = await made.clock.run(readAll(made.router.stream({ messages: 'x' })))
  expect(made.leaks()).toEqual([])
  return { error: error as LLMError | undefined }
}
