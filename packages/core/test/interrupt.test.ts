import { describe, expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import type { ChatEvent } from '@wayfare/core'
import { answered, call, finish, text, thought } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import type { Script } from './kit/provider.ts'
import { brief, readAll, rig } from './kit/rig.ts'

const broke = (): LLMError => new LLMError('server', 'broke')
const half: Script = [text('half'), broke()]
const silent: Script = [broke()]

describe('an attempt that breaks after output', () => {
  const open = (onInterrupt: 'reset' | 'fail' | 'continue' | undefined) => {
    const own = rig({ a: [half, answered('whole')] })
    return { ...own, stream: own.router.stream({ messages: 'x', onInterrupt }) }
  }

  test.each([undefined, 'reset', 'continue'] as const)(
    'starts again for a reader of events, with onInterrupt %s',
    async (onInterrupt) => {
      const { stream, clock, leaks } = open(onInterrupt)
      expect(await clock.run(readAll(stream))).not.toHaveProperty('error')
      expect((await stream.response()).text).toBe('whole')
      expect(leaks()).toEqual([])
    },
  )

  test('is the end for a reader of events, with onInterrupt fail, at once and without talk of another', async () => {
    const { router, stream, clock, leaks } = open('fail')
    let retries = 0
    router.on('retry', () => retries++)
    const { items, error } = await clock.run(readAll(stream))
    expect(items.at(-1)).toEqual({ type: 'attempt_failed', attempt: 1, error: expect.any(LLMError) })
    expect([retries, clock.now()]).toEqual([0, 0])
    expect(error).toMatchObject({ kind: 'server', partial: { text: 'half' } })
    await expect(stream.response()).rejects.toBe(error)
    expect(leaks()).toEqual([])
  })

  test.each([undefined, 'reset', 'fail', 'continue'] as const)(
    'is the end for a reader of text, which cannot take anything back, with onInterrupt %s',
    async (onInterrupt) => {
      const { stream, clock, leaks } = open(onInterrupt)
      const { items, error } = await clock.run(readAll(stream.textStream))
      expect(items).toEqual(['half'])
      expect(error).toMatchObject({ kind: 'server', partial: { text: 'half' } })
      await expect(stream.response()).rejects.toBe(error)
      expect(leaks()).toEqual([])
    },
  )

  test('is taken back by reset at the moment the next attempt starts, and both are billed', async () => {
    const { router, clock } = rig({ a: [half, answered('whole')] })
    const stream = router.stream({ messages: 'x' })
    const { items } = await clock.run(readAll(stream))
    expect(brief(items)).toEqual([
      'start 1 a/m',
      'half',
      'failed 1 server',
      'reset 1',
      'start 2 a/m',
      'whole',
      'finish stop',
    ])
    const { attempts } = await stream.response()
    expect(attempts).toMatchObject([
      { outcome: 'failed', kind: 'server', usageSource: 'estimated', billed: 'yes' },
      { outcome: 'ok', usageSource: 'reported' },
    ])
  })

  test.each([
    ['a circuit that is open', (): Ledger => new Ledger()],
    ['a budget that refuses', (): Ledger => new Ledger({ refuse: ({ provider }) => provider === 'b' })],
  ])('is not reset when the next attempt never starts: %s', async (what, makeLedger) => {
    const { router, clock, leaks } = rig(
      { a: [[text('half'), new LLMError('auth', 'no')]], b: [[new LLMError('auth', 'no')]] },
      { budget: makeLedger(), fallbacks: ['b/m'] },
    )
    if (what.startsWith('a circuit')) await readAll(router.stream({ messages: 'x', model: 'b/m', fallbacks: [] }))
    const { items, error } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(brief(items)).not.toContain('reset 1')
    expect(error).toMatchObject({ partial: { text: 'half' } })
    expect(leaks()).toEqual([])
  })

  test('is reset once: an attempt that showed nothing has nothing to take back', async () => {
    const { router, clock } = rig({ a: [half, silent, answered('whole')] })
    const { items } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(brief(items).filter((each) => each.startsWith('reset'))).toEqual(['reset 1'])
  })

  test('is reset by the target that does start, past one that is refused', async () => {
    const { router, clock } = rig(
      { a: [[text('half'), new LLMError('auth', 'no')]], b: [[]], c: [answered('whole')] },
      { budget: new Ledger({ refuse: ({ provider }) => provider === 'b' }), fallbacks: ['b/m', 'c/m'] },
    )
    const { items } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(brief(items)).toEqual([
      'start 1 a/m',
      'half',
      'failed 1 auth',
      'failed 1 budget',
      'reset 1',
      'start 2 c/m',
      'whole',
      'finish stop',
    ])
  })

  test('is not tried again once a tool ran at the vendor (R07)', async () => {
    const { router, clock, providers } = rig(
      { a: [[text('half'), { type: 'side_effect', name: 'search' }, broke()]], b: [answered('whole')] },
      { fallbacks: ['b/m'] },
    )
    const { error } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(error).toMatchObject({ kind: 'server', sideEffects: true })
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ sideEffects: true })
    expect(providers.b.sent).toEqual([])
  })

  test('hands out no tool call of the broken attempt', async () => {
    const { router, clock } = rig({
      a: [
        [call('look', {}), broke()],
        [call('look', {}), finish('tool_calls')],
      ],
    })
    const { items } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(brief(items)).toEqual(['start 1 a/m', 'failed 1 server', 'start 2 a/m', 'call look', 'finish tool_calls'])
  })
})

test('an attempt that breaks before output is retried in silence on both faces', async () => {
  for (const face of ['events', 'text'] as const) {
    const { router, clock } = rig({ a: [silent, answered('whole')] })
    const stream = router.stream({ messages: 'x' })
    const { items, error } = await clock.run(readAll<ChatEvent | string>(face === 'text' ? stream.textStream : stream))
    expect(error).toBeUndefined()
    expect(items).not.toContainEqual({ type: 'reset', attempt: 1 })
  }
})

test.each<[string, Script[number]]>([
  ['fails', new LLMError('network', 'reset')],
  ['stalls', { stall: 'until_abort' }],
])('an answer that is complete stays so when its provider %s afterwards', async (_, afterwards) => {
  const { router, clock, leaks } = rig({ a: [[text('whole'), finish(), afterwards]] })
  const response = await clock.run(router.complete({ messages: 'x', timeout: { progressMs: 1_000 } }))
  expect([response.text, response.attempts.length]).toEqual(['whole', 1])
  expect(leaks()).toEqual([])
})

test('an event after the last word is a protocol error', async () => {
  const { router, clock } = rig({ a: [[text('whole'), finish(), text('more')]] })
  const error: unknown = await clock.run(router.complete({ messages: 'x' }).catch((thrown: unknown) => thrown))
  expect(LLMError.is(error) && error.kind).toBe('protocol')
})

describe('onInterrupt: continue', () => {
  const prefill = { traits: { prefill: true } }
  const interrupted: Script = [text('Once '), text('upon '), broke()]

  test.each(['events', 'text'] as const)('goes on where the attempt broke, for a reader of %s', async (face) => {
    const { router, clock, providers } = rig(
      { a: [interrupted, [text('a '), broke()], [text('time'), finish()]] },
      { onInterrupt: 'continue', scripted: { a: prefill } },
    )
    const stream = router.stream({ messages: 'x' })
    const words = face === 'text' ? stream.textStream : textOf(stream)
    expect(await clock.run(readAll(words))).toEqual({ items: ['Once ', 'upon ', 'a ', 'time'] })
    const response = await stream.response()
    expect(response.text).toBe('Once upon a time')
    expect(response.message.content).toEqual([{ type: 'text', text: 'Once upon a time' }])
    expect(providers.a.sent.map(({ request }) => request.messages.at(-1))).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'x' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Once upon ' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Once upon a ' }] },
    ])
  })

  test('starts again at a target that cannot continue, and takes back what was shown', async () => {
    const { router, clock, providers } = rig(
      { a: [[text('Once '), new LLMError('auth', 'no')]], b: [answered('whole')] },
      { onInterrupt: 'continue', fallbacks: ['b/m'], scripted: { a: prefill } },
    )
    const stream = router.stream({ messages: 'x' })
    const { items } = await clock.run(readAll(stream))
    expect(brief(items)).toContain('reset 1')
    expect((await stream.response()).text).toBe('whole')
    expect(providers.b.sent[0]?.request.messages.at(-1)?.role).toBe('user')
  })

  test('fails for a reader of text when the next target cannot continue', async () => {
    const { router, clock, providers, leaks } = rig(
      { a: [[text('Once '), new LLMError('auth', 'no')]], b: [answered('whole')] },
      { onInterrupt: 'continue', fallbacks: ['b/m'], scripted: { a: prefill } },
    )
    const { items, error } = await clock.run(readAll(router.stream({ messages: 'x' }).textStream))
    expect(items).toEqual(['Once '])
    expect(error).toMatchObject({ kind: 'auth', partial: { text: 'Once ' } })
    expect(providers.b.sent).toEqual([])
    expect(leaks()).toEqual([])
  })

  test.each([
    ['a thought was shown', [thought('hm'), text('Once '), broke()]],
    ['a tool call had begun', [text('Once '), { type: 'tool_call_delta', index: 0, rawInput: '{' }, broke()]],
    [
      'a file was shown',
      [text('Once '), { type: 'part', part: { type: 'file', mediaType: 'a/b', data: '' } }, broke()],
    ],
    ['the end had come', [text('Once '), finish(), text('more')]],
  ] satisfies [string, Script][])('starts again where %s: it cannot be continued', async (_, interruption) => {
    const { router, clock } = rig(
      { a: [interruption, answered('whole')] },
      { onInterrupt: 'continue', scripted: { a: prefill } },
    )
    const { items } = await clock.run(readAll(router.stream({ messages: 'x' })))
    expect(brief(items)).toContain('reset 1')
  })

  test('bills every piece', async () => {
    const { router, clock, ledger } = rig(
      { a: [interrupted, [text('a time'), finish()]] },
      { onInterrupt: 'continue', scripted: { a: prefill } },
    )
    const response = await clock.run(router.complete({ messages: 'x' }))
    expect(response.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'ok'])
    expect(ledger.postedUsd).toBeCloseTo(response.costUsd!, 9)
  })
})

async function* textOf(events: AsyncIterable<ChatEvent>): AsyncGenerator<string> {
  for await (const event of events) if (event.type === 'text_delta') yield event.text
}
