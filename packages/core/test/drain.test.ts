import { describe, expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import type { Attempt, ProviderEvent } from '@wayfare/core'
import { answered, finish, text, usage } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import type { Script } from './kit/provider.ts'
import { unhandledDuring } from './kit/rejections.ts'
import { countedSignal, rig } from './kit/rig.ts'
import type { RigOptions } from './kit/rig.ts'

const wait = (waitMs: number) => ({ waitMs })
const rest: Script = [text('b'), wait(5_000), usage({ input: 8, output: 40 }), finish()]
const whole: Script = [text('a'), wait(1_000), ...rest]
const call = { messages: 'twelve bytes', maxOutputTokens: 500, onAbort: 'drain' } as const

function drained(script: Script, options: RigOptions = {}) {
  const stage = rig(
    { a: [script], b: [answered('b')] },
    { budget: new Ledger({ worstUsd: 1, hardUsd: 10 }), ...options },
  )
  const lines: Attempt[] = []
  stage.router.on('attempt', (line) => lines.push(line))
  return { ...stage, lines }
}

/** Ways in which a caller goes, once it has the first word. */
const ways: { readonly [way: string]: (stage: ReturnType<typeof drained>) => Promise<unknown> } = {
  'a break': async ({ router }) => {
    for await (const { type } of router.stream(call)) if (type === 'text_delta') break
  },
  'a break of the text': async ({ router }) => {
    for await (const word of router.stream(call).textStream) if (word === 'a') break
  },
  'a close while it waits for the next word': async ({ router, clock }) => {
    const stream = router.stream(call)
    const read = stream.response().catch(() => {})
    await clock.advance(500)
    await Promise.all([stream.close(), read])
  },
  'a signal': async ({ router, clock }) => {
    const { controller, listeners } = countedSignal()
    const answer = router.complete({ ...call, signal: controller.signal })
    await clock.advance(500)
    controller.abort()
    const error: unknown = await answer.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'cancelled', attempts: [{ outcome: 'cancelled', pricingSource: 'unknown' }] })
    expect(error).not.toHaveProperty('costUsd', expect.anything())
    expect(listeners()).toBe(0)
  },
  'a callback that throws': async ({ router }) => {
    const onEvent = ({ type }: { type: string }): void => {
      if (type === 'text_delta') throw new Error('enough')
    }
    await expect(router.complete({ ...call, onEvent })).rejects.toThrow('enough')
  },
}

describe.each(Object.entries(ways))('after %s', (_, go) => {
  test('the caller is told at once, and the answer is billed by what the vendor reports at its end', async () => {
    const stage = drained(whole)
    const { clock, ledger, lines, leaks, providers, router } = stage
    const unhandled = await unhandledDuring(async () => {
      const gone = go(stage)
      await clock.advance(500)
      await gone
      expect([clock.now(), lines, providers.a.open, ledger.pendingUsd]).toEqual([500, [], 1, 1])
      await clock.advance(5_500)
      await clock.run(router.close())
    })
    expect(unhandled).toEqual([])
    expect(lines).toMatchObject([
      { outcome: 'cancelled', usageSource: 'reported', usage: { input: 8, output: 40 }, billed: 'yes' },
    ])
    expect(ledger.settlements).toMatchObject([{ usageSource: 'reported', costUsd: lines[0]?.costUsd, message: false }])
    expect(leaks()).toEqual([])
  })
})

const breaking = async ({ router }: ReturnType<typeof drained>, options: object = {}): Promise<void> => {
  for await (const { type } of router.stream({ ...call, ...options })) if (type === 'text_delta') break
}

test('without the option its connection is closed at once', async () => {
  const stage = drained(whole)
  await stage.clock.run(breaking(stage, { onAbort: undefined }))
  expect([stage.providers.a.open, stage.lines[0]?.usageSource]).toEqual([0, 'worst_case'])
  expect(stage.leaks()).toEqual([])
})

const endless: ProviderEvent[] = Array.from({ length: 9 }, () => text('x'.repeat(2 ** 20)))

test.each<[string, Script, number]>([
  ['stands still', [text('a'), { stall: 'until_abort' }], 30_000],
  ['stands still and cannot be stopped', [text('a'), { stall: 'for_ever' }], 31_000],
  ['breaks', [text('a'), wait(1_000), new LLMError('network', 'reset')], 1_000],
  ['ends without its terminator', [text('a'), wait(1_000)], 1_000],
  ['breaks its protocol', [text('a'), wait(1_000), finish(), text('b'), wait(60_000)], 1_000],
  ['is longer than 8 Mi characters', [text('a'), wait(1_000), ...endless, { stall: 'until_abort' }], 1_000],
])('an answer that %s is charged as it is when nobody reads on', async (_, script, ms) => {
  const stage = drained(script)
  await stage.clock.run(breaking(stage))
  await stage.clock.advance(ms - 1)
  expect(stage.lines).toEqual([])
  await stage.clock.advance(1)
  expect(stage.lines).toMatchObject([{ outcome: 'cancelled', billed: 'yes' }])
  expect(stage.lines[0]?.usageSource).not.toBe('reported')
  expect([stage.ledger.pendingUsd, stage.clock.timersLeft, stage.ledger.violations]).toEqual([0, 0, []])
})

test('close() waits five seconds for it, then cuts it', async () => {
  const stage = drained([text('a'), wait(10_000), ...rest])
  await stage.clock.run(breaking(stage))
  await stage.clock.run(stage.router.close())
  expect([stage.clock.now(), stage.lines[0]?.usageSource]).toEqual([5_000, 'worst_case'])
  expect(stage.leaks()).toEqual([])
})

test('what is cancelled before it was sent is not sent for its bill', async () => {
  const controller = new AbortController()
  const before = (method: string): void => {
    if (method === 'dispatch') controller.abort()
  }
  const stage = drained(whole, { budget: new Ledger({ worstUsd: 1, hardUsd: 10, before }) })
  await expect(stage.clock.run(stage.router.complete({ ...call, signal: controller.signal }))).rejects.toMatchObject({
    kind: 'cancelled',
  })
  expect([stage.providers.a.sent, stage.ledger.settlements]).toMatchObject([[], [{ costUsd: 0 }]])
  expect(stage.leaks()).toEqual([])
})

test('what failed, took too long or was outrun is not read on', async () => {
  const late = drained(whole)
  await expect(late.clock.run(late.router.complete({ ...call, timeout: 500 }))).rejects.toMatchObject({
    kind: 'deadline',
    attempts: [{ costUsd: expect.any(Number) as number }],
  })
  const outrun = drained([{ stall: 'until_abort' }], { alternatives: ['b/m'], hedge: { afterMs: 100 } })
  expect((await outrun.clock.run(outrun.router.complete(call))).attempts).toMatchObject([
    { outcome: 'cancelled', pricingSource: expect.not.stringContaining('unknown') as string },
    { outcome: 'ok' },
  ])
  for (const stage of [late, outrun]) expect(stage.leaks()).toEqual([])
})
