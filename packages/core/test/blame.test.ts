import { describe, expect, test } from 'vitest'
import { LLMError, jsonSchema } from '@wayfare/core'
import type { RouterEvents } from '@wayfare/core'
import { Breakers } from '../src/breaker.ts'
import { Emitter } from '../src/emitter.ts'
import { VirtualClock } from './kit/clock.ts'
import { answered, finish, text } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import { readAll, rig } from './kit/rig.ts'

describe('a provider that stumbles over a request before it sends it', () => {
  test('is neither asked again nor closed, and nothing is billed', async () => {
    const { router, clock, providers, leaks } = rig({ a: [[new TypeError('oops')]] })
    for (let i = 0; i < 12; i++) {
      const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
      expect(error).toMatchObject({ kind: 'protocol', phase: 'input', retryable: false, billed: 'no', costUsd: 0 })
    }
    expect(providers.a.chats).toBe(12)
    expect(leaks()).toEqual([])
  })

  test.each([
    ['after an event', [text('a'), new TypeError('oops')]],
    ['because the network failed', [new TypeError('fetch failed', { cause: new Error('reset') })]],
    ['with an error of its own', [new Error('oops')]],
  ])('is at fault when it threw %s', async (_, script) => {
    const { router, clock } = rig({ a: [script] })
    const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(error).toMatchObject({ kind: 'protocol', retryable: true, billed: 'unknown' })
  })
})

test('a reader that is slow before the provider is pulled says nothing about the target, whatever limit that exceeds', async () => {
  const { router, clock, providers } = rig(
    { a: [answered('ok')] },
    { timeout: { attemptMs: 500 }, fallbacks: [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 0 }] },
  )
  const opened: unknown[] = []
  router.on('breaker', (news) => opened.push(news))
  const slow = async (): Promise<void> => {
    for await (const _ of router.stream({ messages: 'x' })) await clock.sleep(600)
  }
  const ends = await clock.run(Promise.allSettled(Array.from({ length: 10 }, slow)))
  for (const end of ends) expect(end).toMatchObject({ reason: { kind: 'timeout', code: 'attempt' } })
  expect(providers.a.sent).toEqual([])
  expect(opened).toEqual([])
})

test.each(['reserve', 'dispatch'])('a budget with a mistake at %s is no store that is down', async (method) => {
  const mistake = new TypeError('x is not a function')
  let asked = 0
  const before = (at: string): void => {
    if (at !== method) return
    asked++
    throw mistake
  }
  const { router, clock, leaks } = rig({ a: [answered('ok')] }, { budget: new Ledger({ before }) })
  const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
  expect(error).toMatchObject({
    kind: 'config',
    cause: mistake,
    message: expect.stringContaining('TypeError') as unknown,
  })
  expect(asked).toBe(1)
  expect(leaks()).toEqual([])
})

test.each([
  ['lowered', 33, 1_000, ['max_output_tokens_reduced']],
  ['kept', 33, 33, []],
  ['set where there was none', 33, undefined, []],
  ['left alone', undefined, 1_000, []],
] as const)('a limit of output that is %s by a reservation is told or not', async (_, granted, asked, codes) => {
  const budget = new Ledger(granted === undefined ? {} : { maxOutputTokens: granted })
  const { router } = rig({ a: [answered('ok')] }, { budget })
  const { warnings } = await router.complete({ messages: 'x', maxOutputTokens: asked })
  expect(warnings.map(({ code }) => code)).toEqual(codes)
})

test.each([
  ['length', 'the answer was cut at the output limit'],
  ['refusal', 'the model refused to answer'],
  ['content_filter', 'a content filter cut the answer'],
  ['stop', 'the answer is not JSON'],
] as const)('an object that is missing because of %s says so', async (reason, message) => {
  const { router } = rig({ a: [[text('{"a":'), finish(reason)]] })
  const error: unknown = await router.complete({ messages: 'x', output: jsonSchema({}) }).catch((each: unknown) => each)
  expect(error).toMatchObject({
    kind: 'invalid_output',
    code: reason,
    message: expect.stringContaining(message) as unknown,
  })
})

describe('a listener', () => {
  test.each([
    ['atempt', () => {}, 'there is no event "atempt"; did you mean "attempt"?'],
    ['toString', () => {}, 'there is no event "toString"; the events are: attempt, retry'],
    ['attempt', undefined, 'the listener of "attempt" must be a function'],
  ])('of %s as %s is refused', (name, listener, message) => {
    const { router } = rig({ a: [answered('ok')] })
    const on = (): unknown => router.on(name as keyof RouterEvents, listener as () => void)
    expect(on).toThrow(message)
  })

  test('that returns a promise which rejects ends the call with its reason', async () => {
    const own = new Error('mine')
    const { router, leaks } = rig({ a: [answered('ok')] })
    const onEvent = (): Promise<void> => Promise.reject(own)
    await expect(router.complete({ messages: 'x', onEvent: onEvent as () => void })).rejects.toBe(own)
    expect(leaks()).toEqual([])
  })
})

test('what is known of targets is bounded: the oldest that keeps nobody out is forgotten', () => {
  const told: string[] = []
  const emitter = new Emitter()
  emitter.on('breaker', ({ key, state }) => told.push(`${key} ${state}`))
  const breakers = new Breakers(new VirtualClock(), () => 0.5, emitter)
  const fail = (model: string, times: number): void => {
    for (let i = 0; i < times; i++) breakers.fail({ provider: 'a', model }, new LLMError('server', 'x'))
  }
  fail('shut', 5)
  fail('old', 4)
  fail('young', 4)
  for (let i = 0; i < 9_998; i++) fail(`${i}`, 1)
  fail('young', 1)
  fail('old', 4)
  expect(told).toEqual(['a/shut open', 'a/young open'])
  expect(breakers.closure({ provider: 'a', model: 'shut' })).toBeDefined()
  fail('old', 1)
  expect(told).toEqual(['a/shut open', 'a/young open', 'a/old open'])
})
