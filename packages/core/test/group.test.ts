import { describe, expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import type { BoundsCall, CallDefaults, Fallbacks, LLMErrorFacts, LLMErrorKind, TargetOrder } from '@wayfare/core'
import { Affinity } from '../src/affinity.ts'
import { seeded } from './kit/chance.ts'
import { VirtualClock } from './kit/clock.ts'
import { answered, text } from './kit/events.ts'
import { FlatPricing } from './kit/pricing.ts'
import type { Script } from './kit/provider.ts'
import { brief, readAll, rig } from './kit/rig.ts'
import type { Rig, RigOptions } from './kit/rig.ts'

const ok = answered('ok')
const fault = (kind: LLMErrorKind, facts: LLMErrorFacts = {}): LLMError => new LLMError(kind, `a ${kind}`, facts)
const group = { alternatives: ['b/m', 'c/m'] } as const
type Names = 'a' | 'b' | 'c'

function three(scripts: Partial<Record<Names, readonly Script[]>> = {}, options: RigOptions = {}): Rig<Names> {
  return rig({ a: [ok], b: [ok], c: [ok], ...scripts }, { ...group, ...options })
}

function planned({ router }: Rig<Names>, more: CallDefaults = {}): string {
  const { targets } = router.plan({ messages: 'x', ...more })
  return targets.map(({ provider }) => provider).join('')
}

/** Who was asked, in order. */
async function asked({ router, clock, providers, leaks }: Rig<Names>, more: CallDefaults = {}): Promise<string> {
  const before = Object.values(providers).flatMap(({ sent }) => sent)
  await clock.run(readAll(router.stream({ messages: 'x', ...more })))
  expect(leaks()).toEqual([])
  return Object.values(providers)
    .flatMap(({ name, sent }) => sent.filter((one) => !before.includes(one)).map(({ request }) => ({ name, request })))
    .toSorted((one, two) => order(one.request.attemptId) - order(two.request.attemptId))
    .map(({ name }) => name)
    .join('')
}

// Ids are made of random numbers that only grow.
const order = (id: string): number => Number.parseInt(id.slice(0, 8), 16) * 2 ** 20

describe('the order of a group', () => {
  /** USD that each target costs at least and at most. */
  type Prices = Readonly<Record<string, readonly [number, number]>>
  const priced = (prices: Prices) =>
    Object.assign(new FlatPricing(), {
      bounds: ({ provider }: BoundsCall) => {
        const found = prices[provider]
        return found && { minUsd: found[0], maxUsd: found[1] }
      },
    })
  const table: readonly { readonly what: string; readonly options: RigOptions; readonly expected: string }[] = [
    { what: 'is as listed by default', options: {}, expected: 'abc' },
    { what: 'is as listed when told so', options: { order: 'listed' }, expected: 'abc' },
    {
      what: 'holds each target once',
      options: { alternatives: ['b/m', 'a/m', { provider: 'b', model: 'm' }, 'c/m'] },
      expected: 'abc',
    },
    {
      what: 'is the model alone without alternatives',
      options: { alternatives: [], order: 'cheapest' },
      expected: 'a',
    },
    {
      what: 'cheapest: by the most',
      options: { order: 'cheapest', pricing: priced({ a: [0, 3], b: [0, 2], c: [0, 1] }) },
      expected: 'cba',
    },
    {
      what: 'cheapest: by the least where there is no most',
      options: { order: 'cheapest', pricing: priced({ a: [0.3, Infinity], b: [0.2, Infinity], c: [0.1, Infinity] }) },
      expected: 'cba',
    },
    {
      what: 'cheapest: unknown prices last, in their order',
      options: { order: 'cheapest', pricing: priced({ c: [0, 9] }) },
      expected: 'cab',
    },
    {
      what: 'cheapest: equal prices as listed',
      options: { order: 'cheapest', pricing: priced({ a: [0, 1], b: [0, 1], c: [0, 1] }) },
      expected: 'abc',
    },
    {
      what: 'cheapest: nothing is cheaper than free',
      options: {
        order: 'cheapest',
        pricing: priced({ a: [0, 2], c: [0, 1] }),
        scripted: { b: { traits: { free: true } } },
      },
      expected: 'bca',
    },
    { what: 'cheapest: as listed without prices', options: { order: 'cheapest' }, expected: 'abc' },
    { what: 'fastest: as listed before anything was measured', options: { order: 'fastest' }, expected: 'abc' },
    {
      what: 'weights: what weighs nothing is last',
      options: { order: { weights: { 'a/m': 0, 'b/m': 0 } } },
      expected: 'cab',
    },
  ]
  test.each(table)('$what', ({ options, expected }) => {
    expect(planned(three({}, options))).toBe(expected)
  })

  test.each<[TargetOrder | undefined, readonly string[]]>([
    [undefined, ['the model of the call', 'an alternative, as listed', 'an alternative, as listed']],
    ['cheapest', ['the cheapest goes first; its price is unknown']],
    ['fastest', ['the fastest goes first; it was not measured lately']],
    [{ weights: { 'a/m': 0, 'b/m': 0, 'c/m': 2 } }, ['drawn by its weight of 2', 'its weight is 0', 'its weight is 0']],
  ])('%j is told in words', (how, expected) => {
    const { targets } = three({}, { order: how }).router.plan({ messages: 'x' })
    expect(targets.map(({ because }) => because)).toEqual(expected.length === 1 ? Array(3).fill(expected[0]) : expected)
  })

  test('by weight, every target goes first as often as it weighs', () => {
    const made = three({}, { random: seeded(7), order: { weights: { 'a/m': 1, 'b/m': 3, 'c/m': 0 } } })
    const firsts: Record<string, number> = { a: 0, b: 0, c: 0 }
    for (let n = 0; n < 4_000; n++) firsts[planned(made)[0]!]!++
    expect(firsts['c']).toBe(0)
    expect(firsts['b']! / firsts['a']!).toBeGreaterThan(2.6)
    expect(firsts['b']! / firsts['a']!).toBeLessThan(3.4)
  })

  test('by weight, the same random numbers draw the same order, and a missing weight is 1', () => {
    const draws = (options: RigOptions) => {
      const made = three({}, { random: seeded(11), ...options })
      return Array.from({ length: 50 }, () => planned(made)).join(' ')
    }
    expect(draws({ order: { weights: {} } })).toBe(draws({ order: { weights: { 'a/m': 1, 'b/m': 1, 'c/m': 1 } } }))
    expect(new Set(draws({ order: { weights: {} } }).split(' ')).size).toBe(6)
  })

  test('of a call is the one that its response tells', async () => {
    const { router } = three({}, { random: seeded(3), order: { weights: {} } })
    for (let n = 0; n < 20; n++) {
      const { decision, provider } = await router.complete({ messages: 'x' })
      expect(decision.targets).toHaveLength(3)
      expect(decision.targets[0]?.provider).toBe(provider)
    }
  })
})

describe('the fastest', () => {
  const after = (waitMs: number): Script => [{ waitMs }, ...ok]

  test('is found by asking everyone, and then goes first', async () => {
    const made = three({ a: [after(300)], b: [after(100)], c: [after(200)] }, { order: 'fastest' })
    const firsts: string[] = []
    for (let n = 0; n < 5; n++) firsts.push(await asked(made))
    expect(firsts.join(' ')).toBe('a b c b b')
    expect(made.router.plan({ messages: 'x' }).targets.map(({ because }) => because)).toEqual([
      'the fastest goes first; it takes about 100 ms to its first output',
      'the fastest goes first; it takes about 200 ms to its first output',
      'the fastest goes first; it takes about 300 ms to its first output',
    ])
  })

  test('is an average that moves: one that became slow falls behind', async () => {
    const made = three({ a: [after(100), after(1_000)], b: [after(200)], c: [after(300)] }, { order: 'fastest' })
    for (let n = 0; n < 3; n++) await asked(made)
    expect(await asked(made)).toBe('a')
    expect(planned(made)).toBe('bca')
  })

  test('gets another chance after ten minutes, and so do the others', async () => {
    const made = three({ a: [after(300)], b: [after(100)], c: [after(200)] }, { order: 'fastest' })
    for (let n = 0; n < 3; n++) await asked(made)
    expect(planned(made)).toBe('bca')
    await made.clock.advance(600_001)
    expect(planned(made)).toBe('abc')
  })

  test('is not the one that never answers in time', async () => {
    const made = three(
      { a: [[{ stall: 'until_abort' }]], b: [after(200)] },
      { order: 'fastest', timeout: { firstChunkMs: 1_000 } },
    )
    expect(await asked(made)).toBe('ab')
    expect(await asked(made)).toBe('c')
    expect(planned(made)).toBe('cba')
  })

  test('is measured for calls that ask for it only', async () => {
    const made = three({ a: [after(300)] })
    await asked(made)
    expect(made.router.plan({ messages: 'x', order: 'fastest' }).targets[0]?.because).toContain('not measured')
  })
})

describe('after a failure', () => {
  test('the others of the group are tried at once, each once, and then the fallbacks', async () => {
    const made = rig(
      { a: [[fault('server')]], b: [[fault('server')]], c: [[fault('auth')]], d: [ok] },
      { alternatives: ['b/m', 'c/m'], fallbacks: ['d/m'] },
    )
    const { items } = await made.clock.run(readAll(made.router.stream({ messages: 'x' })))
    expect(brief(items).filter((event) => event.startsWith('start'))).toEqual([
      'start 1 a/m',
      'start 2 b/m',
      'start 3 c/m',
      'start 4 d/m',
    ])
    expect(made.clock.now()).toBe(0)
  })

  test('the last of them is retried as any target is', async () => {
    const made = three({ a: [[fault('server')]], b: [[fault('server')]], c: [[fault('server')], ok] })
    expect(await asked(made)).toBe('abcc')
    expect(made.clock.now()).toBeGreaterThan(0)
  })

  test('a rule that says to wait goes before the others', async () => {
    const fallbacks: Fallbacks = [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 1 }]
    expect(await asked(three({ a: [[fault('server')]] }, { fallbacks }))).toBe('aab')
  })

  test.each<[LLMErrorKind, string]>([
    ['auth', 'ab'],
    ['billing', 'ab'],
    ['rate_limit', 'ab'],
    ['context_length', 'ab'],
    ['content_filter', 'ab'],
    ['model_not_found', 'ab'],
    ['unsupported', 'ab'],
    ['bad_request', 'a'],
    ['config', 'a'],
    ['invalid_output', 'a'],
  ])('of the kind %s, the call goes to %s', async (kind, expected) => {
    expect(await asked(three({ a: [[fault(kind)]] }))).toBe(expected)
  })

  test('after output, the reader is told to forget it', async () => {
    const made = three({ a: [[text('a'), fault('server')]] })
    const { items } = await made.clock.run(readAll(made.router.stream({ messages: 'x' })))
    expect(brief(items)).toEqual(['start 1 a/m', 'a', 'failed 1 server', 'reset 1', 'start 2 b/m', 'ok', 'finish stop'])
  })

  test('text that can be continued is continued where it broke first', async () => {
    const made = three(
      { a: [[text('a'), fault('server')], answered('b')] },
      { onInterrupt: 'continue', scripted: { a: { traits: { prefill: true } } } },
    )
    expect((await made.clock.run(made.router.complete({ messages: 'x' }))).text).toBe('ab')
  })

  test('one that is left alone is passed over', async () => {
    const made = three({ a: [[fault('billing')], ok], b: [[fault('auth')]] })
    expect(await asked(made)).toBe('abc')
    expect(await asked(made)).toBe('c')
    const { skipped } = made.router.plan({ messages: 'x' })
    expect(skipped.map(({ provider, reason }) => `${provider} ${reason}`)).toEqual(['a circuit_open', 'b circuit_open'])
  })

  test('a cooldown is not waited for while another one is open', async () => {
    const made = three({ a: [[fault('rate_limit', { retryAfterMs: 5_000 })], ok] })
    expect(await asked(made)).toBe('ab')
    expect(await asked(made)).toBe('b')
    expect(made.clock.now()).toBe(0)
  })

  test('when all are left alone, the error tells when the first opens again', async () => {
    // Pauses are 60 s with jitter, which a steady chance of a half takes away.
    const made = three({
      a: [[fault('rate_limit', { retryAfterMs: 90_000 })]],
      b: [[fault('auth')]],
      c: [[fault('auth')]],
    })
    await asked(made)
    const { error } = await made.clock.run(readAll(made.router.stream({ messages: 'x' })))
    expect(error).toMatchObject({ kind: 'circuit_open', retryAfterMs: 60_001 })
  })

  test('switch_model stays with the provider of the first of the group', async () => {
    const made = three(
      { c: [[fault('context_length')], ok], a: [[fault('context_length')]], b: [[fault('context_length')]] },
      {
        order: { weights: { 'a/m': 0, 'b/m': 0 } },
        fallbacks: [{ trigger: 'context_length', action: 'switch_model', model: 'large' }],
      },
    )
    expect(await asked(made)).toBe('cabc')
    expect(made.providers.c.sent.map(({ request }) => request.model)).toEqual(['m', 'large'])
  })
})

describe('affinity', () => {
  const sticky = { affinity: { ttlMs: 300_000 }, session: 's' } as const
  /** The first target fails once, so that the second answers. */
  const moved = async (options: RigOptions = {}) => {
    const made = three({ a: [[fault('server')], ok] }, { ...sticky, ...options })
    expect(await asked(made)).toBe('ab')
    return made
  }

  test('a session stays where it was answered last', async () => {
    const made = await moved()
    expect(await asked(made)).toBe('b')
    expect(made.router.plan({ messages: 'x' }).targets.map(({ because }) => because)).toEqual([
      'it answered this session last',
      'the model of the call',
      'an alternative, as listed',
    ])
  })

  test('for as long as it was told, counted from the last answer', async () => {
    const made = await moved()
    await made.clock.advance(300_000)
    expect(await asked(made)).toBe('b')
    await made.clock.advance(300_000)
    expect(planned(made)).toBe('bac')
    await made.clock.advance(1)
    expect(planned(made)).toBe('abc')
  })

  test.each<[string, CallDefaults]>([
    ['another session', { session: 't' }],
    ['a call that asks for less patience', { affinity: { ttlMs: 0 } }],
    ['a group without that target', { alternatives: ['c/m'] }],
    ['a call without alternatives', { alternatives: [] }],
  ])('%s goes its own way', async (_, more) => {
    const made = await moved()
    await made.clock.advance(1)
    expect(planned(made, more)[0]).toBe('a')
  })

  test('nothing happens without a session, or without the option', async () => {
    for (const more of [{ session: undefined }, { affinity: undefined }]) expect(planned(await moved(more))).toBe('abc')
  })

  test('a target that is closed loses its claim', async () => {
    const made = three({ a: [[fault('server')], ok], b: [ok, [fault('auth')], ok] }, sticky)
    expect(await asked(made)).toBe('ab')
    expect(await asked(made)).toBe('ba')
    expect(await asked(made)).toBe('a')
  })

  test('so does one that cannot take the request, and one that must not go first', async () => {
    const made = await moved({ scripted: { b: { traits: { input: [] } } } })
    const image = { type: 'file', mediaType: 'image/png', data: 'aGk=' } as const
    const { targets } = made.router.plan({ messages: [{ role: 'user', content: [image] }] })
    expect(targets[0]?.provider).toBe('a')
    expect(planned(await moved(), { order: { weights: { 'b/m': 0, 'c/m': 0 } } })).toBe('abc')
  })

  test('a fallback that answered has no claim', async () => {
    const made = three({ a: [[fault('auth')]], b: [ok] }, { ...sticky, alternatives: ['a/n'], fallbacks: ['b/m'] })
    await asked(made)
    expect(planned(made, { alternatives: ['b/m'] })).toBe('b')
    await made.clock.advance(120_000)
    expect(planned(made, { alternatives: ['b/m'] })[0]).toBe('a')
  })

  test('ten thousand sessions are remembered, those longest ago forgotten', () => {
    const affinity = new Affinity(new VirtualClock())
    const answer = (session: string): void => affinity.answered(session, { provider: 'b', model: 'm' })
    const claimed = (session: string): string | undefined => affinity.claim(session, Infinity)
    for (let n = 0; n < 10_000; n++) answer(`s${n}`)
    expect(['s0', 's1', 's9999'].map(claimed)).toEqual(['b/m', 'b/m', 'b/m'])
    answer('s0')
    answer('one more')
    expect(['s0', 's1', 's2', 'one more'].map(claimed)).toEqual(['b/m', undefined, 'b/m', 'b/m'])
  })
})

test('alternatives belong to the model beside which they stand', () => {
  const made = three()
  expect(planned(made, { model: 'c/m' })).toBe('c')
  expect(planned(made, { model: 'c/m', alternatives: ['a/m'] })).toBe('ca')
  expect(made.router.with({ model: 'b/m' }).plan({ messages: 'x' }).targets).toHaveLength(1)
  expect(made.router.with({ temperature: 1 }).plan({ messages: 'x' }).targets).toHaveLength(3)
})
