import { describe, expect, test } from 'vitest'
import type { ChatEvent, LLMError, Timeouts } from '@wayfare/core'
import { VirtualClock } from './kit/clock.ts'
import { answered, call, finish, text, usage } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import type { Script } from './kit/provider.ts'
import { readAll, rig } from './kit/rig.ts'

const ok = answered('ok')
const start = { type: 'start' } as const
const noRetry = { fallbacks: [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 0 }] } as const

async function outcome(script: Script, timeout: Timeouts) {
  const { router, clock, leaks, providers } = rig({ a: [script] }, noRetry)
  const { error } = await clock.run(readAll(router.stream({ messages: 'x', timeout })))
  expect(leaks()).toEqual([])
  expect(providers.a.open).toBe(0)
  return { error: error as LLMError | undefined, at: clock.now() }
}

const wait = (waitMs: number) => ({ waitMs })

describe('what fires', () => {
  const table: readonly {
    readonly what: string
    readonly script: Script
    readonly timeout: Timeouts
    readonly error?: object
    readonly at: number
  }[] = [
    {
      what: 'first chunk: nothing comes',
      script: [{ stall: 'until_abort' }],
      timeout: { firstChunkMs: 3_000 },
      error: { kind: 'timeout', phase: 'progress', code: 'first_chunk', message: 'no content came within 3000 ms' },
      at: 3_000,
    },
    {
      what: 'first chunk: a start is not content',
      script: [start, wait(2_000), start, { stall: 'until_abort' }],
      timeout: { firstChunkMs: 3_000 },
      error: { kind: 'timeout', code: 'first_chunk' },
      at: 3_000,
    },
    {
      what: 'first chunk: usage at the start is not content',
      script: [start, usage({ input: 5 }), { stall: 'until_abort' }],
      timeout: { firstChunkMs: 3_000 },
      error: { kind: 'timeout', code: 'first_chunk' },
      at: 3_000,
    },
    {
      what: 'first chunk: arguments of a tool call are content',
      script: [
        wait(2_000),
        { type: 'tool_call_delta', index: 0, rawInput: '{' },
        wait(4_000),
        call('look', {}),
        finish('tool_calls'),
      ],
      timeout: { firstChunkMs: 3_000 },
      at: 6_000,
    },
    {
      what: 'first chunk: off once content came',
      script: [text('a'), wait(100_000), ...ok],
      timeout: { firstChunkMs: 3_000 },
      at: 100_000,
    },
    {
      what: 'progress: usage without content keeps it at bay',
      script: [...Array.from({ length: 9 }, () => [wait(4_000), usage({ input: 1 })]).flat(), ...ok],
      timeout: { progressMs: 5_000 },
      at: 36_000,
    },
    {
      what: 'progress: nothing more comes (T02)',
      script: [text('a'), text('b'), { stall: 'until_abort' }],
      timeout: { progressMs: 5_000 },
      error: {
        kind: 'timeout',
        phase: 'progress',
        message: 'no further content came within 5000 ms',
        partial: { text: 'ab' },
      },
      at: 5_000,
    },
    {
      what: 'progress: keep-alives are no content (S05)',
      script: [text('a'), ...Array.from({ length: 99 }, () => [wait(1_000), start]).flat()],
      timeout: { progressMs: 5_000 },
      error: { kind: 'timeout', phase: 'progress' },
      at: 5_000,
    },
    {
      what: 'progress: empty deltas are no content',
      script: [text('a'), ...Array.from({ length: 99 }, () => [wait(1_000), text('')]).flat()],
      timeout: { progressMs: 5_000 },
      error: { kind: 'timeout', phase: 'progress' },
      at: 5_000,
    },
    {
      what: 'progress: usage counts',
      script: [text('a'), wait(4_000), usage({ output: 1 }), wait(4_000), ...ok],
      timeout: { progressMs: 5_000 },
      at: 8_000,
    },
    {
      what: 'progress: content just in time, again and again',
      script: [...Array.from({ length: 20 }, () => [wait(4_999), text('.')]).flat(), finish()],
      timeout: { progressMs: 5_000 },
      at: 99_980,
    },
    {
      what: 'attempt: however lively',
      script: Array.from({ length: 99 }, () => [wait(1_000), text('.')]).flat(),
      timeout: { attemptMs: 10_500 },
      error: { kind: 'timeout', code: 'attempt', message: 'the attempt took longer than 10500 ms' },
      at: 10_500,
    },
    {
      what: 'total',
      script: Array.from({ length: 99 }, () => [wait(1_000), text('.')]).flat(),
      timeout: { totalMs: 10_500 },
      error: { kind: 'deadline' },
      at: 10_500,
    },
  ]
  test.each(table)('$what', async ({ script, timeout, error, at }) => {
    const got = await outcome(script, timeout)
    expect(got.at).toBe(at)
    expect(got.error ?? {}).toMatchObject(error ?? {})
    expect(got.error === undefined).toBe(error === undefined)
  })
})

test('a provider that ignores the signal delays the end by a second, no more', async () => {
  const { router, clock } = rig(
    { a: [[text('a'), { stall: 'for_ever' }]] },
    { ...noRetry, timeout: { progressMs: 5_000 } },
  )
  const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
  expect(error).toMatchObject({ kind: 'timeout' })
  expect(clock.now()).toBe(6_000)
  expect(clock.timersLeft).toBe(0)
})

test('each attempt has its own timers, the call has one deadline', async () => {
  const { router, clock, providers } = rig(
    { a: [[{ stall: 'until_abort' }]] },
    { timeout: { firstChunkMs: 2_000, totalMs: 5_000 } },
  )
  const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
  expect(providers.a.sent.map(({ at }) => Math.round(at))).toEqual([0, 2_250, 4_750])
  expect(error).toMatchObject({ kind: 'deadline' })
  expect(clock.now()).toBe(5_000)
})

describe('a slow consumer is not a slow provider', () => {
  test('its pauses do not count against first chunk and progress', async () => {
    const { router, clock } = rig({ a: [[text('a'), wait(900), text('b'), finish()]] }, noRetry)
    const events: ChatEvent[] = []
    const reading = (async () => {
      for await (const event of router.stream({ messages: 'x', timeout: { firstChunkMs: 1_000, progressMs: 1_000 } })) {
        events.push(event)
        await clock.sleep(60_000)
      }
    })()
    await clock.run(reading)
    expect(events.at(-1)?.type).toBe('finish')
  })

  test('waits without content over several pulls are added up', async () => {
    const drip = Array.from({ length: 9 }, () => [wait(400), start]).flat()
    expect(await outcome([text('a'), ...drip], { progressMs: 1_000 })).toMatchObject({
      error: { kind: 'timeout' },
      at: 1_000,
    })
  })

  test('its pauses do count against the whole call', async () => {
    const { router, clock, leaks } = rig({ a: [[text('a'), text('b'), finish()]] }, noRetry)
    const reading = (async () => {
      for await (const _ of router.stream({ messages: 'x', timeout: 1_000 })) await clock.sleep(600)
    })()
    await expect(clock.run(reading)).rejects.toMatchObject({ kind: 'deadline' })
    expect(leaks()).toEqual([])
  })
})

describe('time itself', () => {
  test.each([-3_600_000, 3_600_000])('a wall clock set by %i ms disturbs no timer (T09)', async (byMs) => {
    const { router, clock } = rig({ a: [[text('a'), wait(900), text('b'), wait(900), ...ok]] }, noRetry)
    const reading = clock.run(readAll(router.stream({ messages: 'x', timeout: { progressMs: 1_000, totalMs: 5_000 } })))
    clock.setWall(byMs)
    expect(await reading).not.toHaveProperty('error')
    expect(clock.now()).toBe(1_800)
  })

  test('an event loop that was blocked raises no false alarm: what arrived meanwhile is read first (T10)', async () => {
    const { router, clock } = rig({ a: [[text('a'), wait(900), ...ok]] }, noRetry)
    const reading = readAll(router.stream({ messages: 'x', timeout: { progressMs: 800 } }))
    await clock.idle()
    clock.block(5_000)
    expect(await clock.run(reading)).not.toHaveProperty('error')
  })

  test('a provider that stays silent after the loop was blocked is still cut', async () => {
    const { router, clock } = rig({ a: [[text('a'), { stall: 'until_abort' }]] }, noRetry)
    const reading = readAll(router.stream({ messages: 'x', timeout: { progressMs: 800 } }))
    await clock.idle()
    clock.block(5_000)
    expect(await clock.run(reading)).toMatchObject({ error: { kind: 'timeout' } })
    expect(clock.now()).toBe(5_050)
  })

  test.each([1, 10])('one that sends noise every %d ms, too', async (ms) => {
    const noise = Array.from({ length: 9_000 }, () => [wait(ms), start]).flat()
    const { router, clock } = rig({ a: [[text('a'), ...noise]] }, noRetry)
    const reading = readAll(router.stream({ messages: 'x', timeout: { progressMs: 800 } }))
    await clock.idle()
    clock.block(5_000)
    expect(await clock.run(reading)).toMatchObject({ error: { kind: 'timeout' } })
    expect(clock.now()).toBe(5_050)
  })

  test('a limit that was over before the provider was pulled needs no time', async () => {
    const clock = new VirtualClock()
    const budget = new Ledger({ before: (method) => (method === 'settle' ? undefined : clock.sleep(300)) })
    const { router } = rig({ a: [[wait(40), ...ok]] }, { ...noRetry, budget, clock })
    const { error } = await clock.run(readAll(router.stream({ messages: 'x', timeout: { attemptMs: 100 } })))
    expect(error).toMatchObject({ kind: 'timeout', code: 'attempt' })
    expect(clock.now()).toBe(600)
  })
})

test('limits that never end set no timer that is too long, though what is left of them is rounded', async () => {
  const { router, clock } = rig({ a: [ok] })
  await clock.advance(40.11)
  const call = { messages: 'x', stream: false, timeout: Infinity } as const
  expect(await clock.run(router.complete(call))).toMatchObject({ text: 'ok' })
})

test('one JSON body has no progress timer and ten minutes', async () => {
  const { router, clock, providers } = rig({ a: [[wait(599_000), ...ok]] })
  await clock.run(router.complete({ messages: 'x', stream: false }))
  expect(providers.a.sent[0]?.request).toMatchObject({
    stream: false,
    timeout: { connectMs: 10_000, firstByteMs: 600_000, idleMs: 120_000 },
  })
  const late = rig({ a: [[wait(601_000), ...ok]] })
  await expect(late.clock.run(late.router.complete({ messages: 'x', stream: false }))).rejects.toMatchObject({
    kind: 'deadline',
  })
})

test('the transport is told its own timers', async () => {
  const { router, clock, providers } = rig({ a: [ok] })
  await clock.run(router.complete({ messages: 'x', timeout: { connectMs: 1, firstByteMs: 2, idleMs: 3 } }))
  expect(providers.a.sent[0]?.request).toMatchObject({
    stream: true,
    timeout: { connectMs: 1, firstByteMs: 2, idleMs: 3 },
  })
})

test('first output is measured to the first content', async () => {
  const { router, clock } = rig({
    a: [[wait(100), start, usage({ input: 1 }), wait(100), text('a'), wait(100), finish()]],
  })
  const { attempts } = await clock.run(router.complete({ messages: 'x' }))
  expect(attempts).toMatchObject([{ firstOutputMs: 200, totalMs: 300, startedAt: Date.parse('2026-01-01T00:00:00Z') }])
})
