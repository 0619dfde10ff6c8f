import { describe, expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import type { Fallbacks, Provider, ProviderEvent } from '@wayfare/core'
import { answered, call, finish, text, thought, usage } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import type { Script } from './kit/provider.ts'
import { countedSignal, rig } from './kit/rig.ts'
import type { RigOptions } from './kit/rig.ts'
import { unhandledDuring } from './kit/rejections.ts'

const broke = (): LLMError => new LLMError('server', 'broke')
const soft = () => [{ scope: { kind: 'global' as const }, limitUsd: 1, spentUsd: 2, first: true as const }]
const toB: Fallbacks = ['b/m']
const late = (waitMs: number): Script => [{ waitMs }, text('a'), { waitMs: 50 }, text('b'), finish()]
const race: RigOptions = { alternatives: ['b/m'], hedge: { afterMs: 200 } }
const slowBudget = () =>
  new Ledger({
    before: async () => {
      for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    },
  })

interface Situation {
  readonly what: string
  readonly a: readonly Script[]
  readonly b?: readonly Script[]
  readonly options?: () => RigOptions
  /** A connection that nobody can close stays open. */
  readonly stays?: boolean
}

const situations: readonly Situation[] = [
  { what: 'an answer', a: [[text('a'), text('b'), usage({ input: 1, output: 1 }), finish()]] },
  { what: 'an answer in one read', a: [[[thought('t'), text('a'), call('look', {}), finish('tool_calls')]]] },
  { what: 'a pause between words', a: [[text('a'), { waitMs: 1_000 }, text('b'), { waitMs: 1_000 }, finish()]] },
  { what: 'a failure before output and a retry', a: [[broke()], answered('ok')] },
  { what: 'a failure after output and a reset', a: [[text('a'), broke()], [text('b'), broke()], answered('ok')] },
  {
    what: 'a fallback',
    a: [[text('a'), new LLMError('auth', 'no')]],
    b: [answered('ok')],
    options: () => ({ fallbacks: toB }),
  },
  {
    what: 'every target failing',
    a: [[text('a'), broke()]],
    b: [[text('b'), broke()]],
    options: () => ({ fallbacks: toB }),
  },
  { what: 'a truncated stream', a: [[text('a')]] },
  { what: 'an event after the end', a: [[text('a'), finish(), text('b')]] },
  { what: 'a stall', a: [[text('a'), { stall: 'until_abort' }]], options: () => ({ timeout: { progressMs: 1_000 } }) },
  { what: 'a foreign error', a: [[text('a'), new TypeError('oops')]] },
  { what: 'a wait asked for', a: [[new LLMError('rate_limit', 'slow', { retryAfterMs: 5_000 })], answered('ok')] },
  {
    what: 'a soft limit and a cheaper target',
    a: [answered('no')],
    b: [answered('ok')],
    options: () => ({
      budget: new Ledger({ soft }),
      fallbacks: [{ trigger: 'cost_limit', limit: 'soft', action: 'switch_provider', provider: 'b', model: 'm' }],
    }),
  },
  {
    what: 'a hard limit and a way out',
    a: [answered('no')],
    b: [answered('ok')],
    options: () => ({ budget: new Ledger({ refuse: ({ provider }) => provider === 'a' }), fallbacks: toB }),
  },
  {
    what: 'a slow budget',
    a: [[text('a'), broke()], answered('ok')],
    options: () => ({ budget: new Ledger({ before: async () => {} }) }),
  },
  {
    what: 'a continuation',
    a: [[text('a'), broke()], [text('b'), broke()], answered('ok')],
    options: () => ({ onInterrupt: 'continue', scripted: { a: { traits: { prefill: true } } } }),
  },
  { what: 'a race that the second wins', a: [late(900)], b: [late(100)], options: () => race },
  { what: 'a race that the first wins', a: [late(300)], b: [late(900)], options: () => race },
  {
    what: 'a race with a slow start',
    a: [late(900)],
    b: [late(0)],
    options: () => ({ ...race, budget: slowBudget() }),
  },
  {
    what: 'a race that one fails',
    a: [[{ waitMs: 300 }, broke()]],
    b: [late(400)],
    options: () => race,
  },
  {
    what: 'a race that both fail',
    a: [[{ waitMs: 300 }, broke()]],
    b: [[{ waitMs: 400 }, broke()], [text('b'), broke()], answered('ok')],
    options: () => race,
  },
  {
    what: 'a race with one who will not leave',
    a: [[{ stall: 'for_ever' }]],
    b: [late(100)],
    options: () => race,
    stays: true,
  },
]

type Leaving = 'break' | 'throw' | 'abort' | 'close' | 'abort while it waits' | 'close while it waits'
const leavings: readonly Leaving[] = [
  'break',
  'throw',
  'abort',
  'close',
  'abort while it waits',
  'close while it waits',
]
const own = new Error('mine')

/** Reads until the k-th event, leaves in the given way, and tells what is still held. */
async function leaveAt({ a, b = [], options, stays }: Situation, how: Leaving, k: number) {
  const { router, clock, ledger, leaks } = rig({ a, b }, options?.() ?? {})
  const { controller, listeners } = countedSignal()
  const stream = router.stream({ messages: 'x', signal: controller.signal })
  const leave = (): void => {
    if (how.startsWith('abort')) controller.abort(own)
    else void stream.close()
  }
  let seen = 0
  const reading = (async () => {
    for await (const _ of stream) {
      if (++seen !== k) continue
      if (how === 'break') break
      if (how === 'throw') throw own
      // In the midst of whatever comes next.
      if (how.endsWith('waits')) queueMicrotask(() => queueMicrotask(() => queueMicrotask(leave)))
      else leave()
    }
  })().catch((error: unknown) => error)
  const error = await clock.run(reading)
  await clock.run(stream.close())
  const response = await stream.response().catch(() => undefined)
  const finals = [...ledger.entries.values()].map(({ state }) => state)
  return {
    error,
    seen,
    response,
    finals,
    held: leaks().filter((leak) => !stays || !leak.includes('connections')),
    listeners: listeners() - (how.startsWith('abort') && controller.signal.aborted ? 1 : 0),
  }
}

describe.each(situations)('$what', (situation) => {
  test.each(leavings)('left by %s after every single event holds nothing', async (how) => {
    const unhandled = await unhandledDuring(async () => {
      for (let k = 1; ; k++) {
        const { error, seen, finals, held, listeners } = await leaveAt(situation, how, k)
        expect({ k, held }).toEqual({ k, held: [] })
        // Every reservation came to exactly one end; the ledger itself objects to a second.
        expect(finals.filter((state) => state !== 'settled' && state !== 'void')).toEqual([])
        expect(listeners).toBeLessThanOrEqual(0)
        if (seen < k) break
        expect(error === undefined || error === own || LLMError.is(error)).toBe(true)
      }
    })
    expect(unhandled).toEqual([])
  })
})

describe('a provider of another make', () => {
  const end: readonly ProviderEvent[] = [text('ok'), finish()]
  /** An iterator by hand, with or without what a generator would bring. */
  const byHand = (more: (state: { left: ProviderEvent[] }) => object): Provider => ({
    name: 'a',
    chat: () => {
      const state = { left: [...end] }
      const next = () => {
        const value = state.left.shift()
        return Promise.resolve(value === undefined ? { done: true, value } : { done: false, value })
      }
      return { [Symbol.asyncIterator]: () => ({ next, ...more(state) }) } as ReturnType<Provider['chat']> // only what is needed
    },
  })
  const using = async (provider: Provider) => {
    const { Router } = await import('@wayfare/core')
    const { VirtualClock } = await import('./kit/clock.ts')
    const clock = new VirtualClock()
    const ledger = new Ledger()
    return {
      clock,
      ledger,
      router: new Router({ providers: [provider], model: 'a/m', clock, budget: ledger, fallbacks: [] }),
    }
  }
  const rest = ({ clock, ledger }: { clock: { timersLeft: number }; ledger: Ledger }) => ({
    timers: clock.timersLeft,
    pending: ledger.pendingUsd,
    violations: ledger.violations,
  })
  const clean = { timers: 0, pending: 0, violations: [] }

  test('without return() works, to the end and when left', async () => {
    const made = await using(byHand(() => ({})))
    expect((await made.clock.run(made.router.complete({ messages: 'x' }))).text).toBe('ok')
    const leaving = (async () => {
      for await (const event of made.router.stream({ messages: 'x' })) if (event.type === 'text_delta') break
    })()
    await made.clock.run(leaving)
    expect(rest(made)).toEqual(clean)
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('cannot leave')
      },
    ],
    ['rejects', () => Promise.reject(new Error('cannot leave'))],
    ['never resolves', () => new Promise(() => {})],
  ])('whose return() %s is left all the same', async (_, back) => {
    const unhandled = await unhandledDuring(async () => {
      const made = await using(byHand(() => ({ return: back })))
      const stream = made.router.stream({ messages: 'x' })
      const leaving = (async () => {
        for await (const event of stream) if (event.type === 'text_delta') break
      })()
      await made.clock.run(leaving)
      await expect(stream.response()).rejects.toMatchObject({ kind: 'cancelled' })
      expect(rest(made)).toEqual(clean)
    })
    expect(unhandled).toEqual([])
  })

  test.each([
    [
      'an Error',
      new TypeError('secret text'),
      { kind: 'protocol', message: 'the provider "a" threw a TypeError instead of an LLMError; see its cause' },
    ],
    [
      'a string',
      'secret text',
      { kind: 'protocol', message: 'the provider "a" threw a string instead of an LLMError; see its cause' },
    ],
    ['an LLMError', new LLMError('bad_request', 'no'), { kind: 'bad_request', provider: 'a', model: 'm' }],
  ])('that throws %s from chat() itself is told like any other failure', async (_, thrown, expected) => {
    const made = await using({
      name: 'a',
      chat: () => {
        throw thrown
      },
    })
    const error: unknown = await made.clock.run(made.router.complete({ messages: 'x' })).catch((each: unknown) => each)
    expect(error).toMatchObject(expected)
    expect(rest(made)).toEqual(clean)
  })

  test.each([
    ['nothing', undefined],
    ['a plain object', {}],
    ['an iterator whose next() gives no promise', { [Symbol.asyncIterator]: () => ({ next: () => ({ done: true }) }) }],
    [
      'an iterator whose next() throws',
      {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            throw new Error('x')
          },
        }),
      },
    ],
  ])('whose chat() returns %s is a fault of the protocol', async (_, returned) => {
    const made = await using({ name: 'a', chat: () => returned as unknown as ReturnType<Provider['chat']> }) // a provider without types
    const error: unknown = await made.clock.run(made.router.complete({ messages: 'x' })).catch((each: unknown) => each)
    expect(error).toMatchObject({ kind: 'protocol' })
    expect(rest(made)).toEqual(clean)
  })
})

test('an attempt that has ended hears nothing of what becomes of its call', async () => {
  const { router, clock, providers } = rig({ a: [[call('look', {}), finish('tool_calls')]] })
  const reading = (async () => {
    for await (const event of router.stream({ messages: 'x' })) if (event.type === 'tool_call') break
  })()
  await clock.run(reading)
  expect(providers.a.sent[0]?.request.signal.aborted).toBe(false)
})
