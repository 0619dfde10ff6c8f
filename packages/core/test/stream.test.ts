import { describe, expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import type { ChatEvent } from '@wayfare/core'
import { answered, finish, text } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import { brief, countedSignal, readAll, rig } from './kit/rig.ts'
import type { Script } from './kit/provider.ts'
import { unhandledDuring } from './kit/rejections.ts'

const whole: Script = [text('one '), text('two '), [text('three '), text('four')], finish()]
const oneToFour = ['start 1 a/m', 'one ', 'two ', 'three ', 'four', 'finish stop']

describe('before the first pull', () => {
  test('nothing is asked, reserved or timed', async () => {
    const { router, ledger, providers, clock, leaks } = rig({ a: [whole] })
    router.stream({ messages: 'x' })
    await clock.idle()
    expect(providers.a.chats).toBe(0)
    expect(ledger.log).toEqual([])
    expect(leaks()).toEqual([])
  })

  test('a bad call does not throw until it is pulled', async () => {
    const { router } = rig({ a: [whole] })
    const stream = router.stream({ messages: [] })
    await expect(stream.response()).rejects.toMatchObject({ kind: 'config' })
  })

  test('an untouched stream closes, and what is read later is cancelled', async () => {
    const { router, providers } = rig({ a: [whole] })
    const unhandled = await unhandledDuring(async () => {
      const stream = router.stream({ messages: 'x' })
      await stream.close()
      expect(await readAll(stream)).toMatchObject({ items: [], error: { kind: 'cancelled' } })
      await expect(stream.response()).rejects.toMatchObject({ kind: 'cancelled' })
    })
    expect(unhandled).toEqual([])
    expect(providers.a.chats).toBe(0)
  })
})

describe('one reader', () => {
  test.each([
    ['events', 'events'],
    ['events', 'text'],
    ['text', 'events'],
    ['text', 'text'],
  ] as const)('after %s a reader of %s is refused', (first, second) => {
    const stream = rig({ a: [whole] }).router.stream({ messages: 'x' })
    const faces = { events: stream as AsyncIterable<unknown>, text: stream.textStream }
    faces[first][Symbol.asyncIterator]()
    expect(() => faces[second][Symbol.asyncIterator]()).toThrow(
      'this stream has a reader already; start another call for a second one',
    )
  })

  test('events come in order and end with the response', async () => {
    const stream = rig({ a: [whole] }).router.stream({ messages: 'x' })
    const { items } = await readAll(stream)
    expect(brief(items)).toEqual(oneToFour)
    expect(items.at(-1)).toMatchObject({ response: await stream.response() })
  })

  test('text comes alone', async () => {
    const stream = rig({ a: [whole] }).router.stream({ messages: 'x' })
    expect(await readAll(stream.textStream)).toEqual({ items: ['one ', 'two ', 'three ', 'four'] })
  })

  test('nothing comes after the end, however often it is asked', async () => {
    const iterator = rig({ a: [whole] })
      .router.stream({ messages: 'x' })
      [Symbol.asyncIterator]()
    for (const _ of oneToFour) expect((await iterator.next()).done).toBe(false)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  test('an error is told once, then the iterator is done', async () => {
    const iterator = rig({ a: [[new LLMError('bad_request', 'no')]] })
      .router.stream({ messages: 'x' })
      [Symbol.asyncIterator]()
    expect(await iterator.next()).toMatchObject({ value: { type: 'attempt_start' } })
    expect(await iterator.next()).toMatchObject({ value: { type: 'attempt_failed' } })
    await expect(iterator.next()).rejects.toMatchObject({ kind: 'bad_request' })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  test.each(Array.from({ length: 8 }, (_, index) => index + 1))(
    '%i calls of next() at once lose and swap nothing',
    async (width) => {
      const iterator = rig({ a: [whole] })
        .router.stream({ messages: 'x' })
        [Symbol.asyncIterator]()
      const events: ChatEvent[] = []
      for (let done = false; !done;) {
        const results = await Promise.all(Array.from({ length: width }, () => iterator.next()))
        for (const result of results) if (!result.done) events.push(result.value)
        done = results.at(-1)?.done === true
      }
      expect(brief(events)).toEqual(oneToFour)
    },
  )

  test('a call of next() never overtakes an earlier one, in whatever moment it comes', async () => {
    for (let gap = 0; gap < 30; gap++) {
      const { router, clock } = rig({ a: [whole] })
      const iterator = router.stream({ messages: 'x' })[Symbol.asyncIterator]()
      const results: Promise<IteratorResult<ChatEvent, undefined>>[] = []
      for (let call = 0; call < oneToFour.length; call++) {
        results.push(iterator.next())
        for (let turn = 0; turn < gap; turn++) await Promise.resolve()
      }
      const events = (await clock.run(Promise.all(results))).flatMap(({ value }) => value ?? [])
      expect(brief(events)).toEqual(oneToFour)
    }
  })

  test.each([1, 2, 3, 5])('%i calls of next() on the text at once lose and swap nothing', async (width) => {
    const iterator = rig({ a: [whole] })
      .router.stream({ messages: 'x' })
      .textStream[Symbol.asyncIterator]()
    const words: string[] = []
    for (let done = false; !done;) {
      const results = await Promise.all(Array.from({ length: width }, () => iterator.next()))
      for (const result of results) if (!result.done) words.push(result.value)
      done = results.at(-1)?.done === true
    }
    expect(words).toEqual(['one ', 'two ', 'three ', 'four'])
  })
})

describe('response()', () => {
  test('may come before the loop, which then still sees everything', async () => {
    const stream = rig({ a: [whole] }).router.stream({ messages: 'x' })
    const response = await stream.response()
    expect(response.text).toBe('one two three four')
    expect(brief((await readAll(stream)).items)).toEqual(oneToFour)
  })

  test('goes on although a reader beside it takes one event and no more', async () => {
    const stream = rig({ a: [whole] }).router.stream({ messages: 'x' })
    const response = stream.response()
    const reader = stream[Symbol.asyncIterator]()
    expect(brief([(await reader.next()).value!])).toEqual(oneToFour.slice(0, 1))
    expect((await response).text).toBe('one two three four')
  })

  test('may be the only thing that is asked', async () => {
    const { router, leaks } = rig({ a: [whole] })
    expect((await router.stream({ messages: 'x' }).response()).text).toBe('one two three four')
    expect(leaks()).toEqual([])
  })

  test.each(oneToFour.map((_, index) => index))('may be awaited inside the loop, at event %i', async (at) => {
    const stream = rig({ a: [whole] }).router.stream({ messages: 'x' })
    const events: ChatEvent[] = []
    const texts: string[] = []
    for await (const event of stream) {
      if (events.push(event) === at + 1) texts.push((await stream.response()).text)
    }
    expect(texts).toEqual(['one two three four'])
    expect(brief(events)).toEqual(oneToFour)
  })

  test('is the same object every time', async () => {
    const stream = rig({ a: [whole] }).router.stream({ messages: 'x' })
    const early = stream.response()
    await readAll(stream)
    expect(await stream.response()).toBe(await early)
  })

  test.each(oneToFour.slice(0, -1).map((_, index) => index))(
    'rejects with cancelled after break at event %i',
    async (at) => {
      const { router, clock, leaks } = rig({ a: [whole] })
      const unhandled = await unhandledDuring(async () => {
        const stream = router.stream({ messages: 'x' })
        let seen = 0
        for await (const _ of stream) if (seen++ === at) break
        await expect(stream.response()).rejects.toMatchObject({ kind: 'cancelled' })
      })
      expect(unhandled).toEqual([])
      await clock.idle()
      expect(leaks()).toEqual([])
    },
  )

  test('stands when the loop is left at the finish event', async () => {
    const stream = rig({ a: [whole] }).router.stream({ messages: 'x' })
    for await (const event of stream) if (event.type === 'finish') break
    expect((await stream.response()).text).toBe('one two three four')
  })

  test('asked inside a loop that breaks at once neither hangs nor goes unhandled', async () => {
    const { router, clock, leaks } = rig({ a: [[text('a'), { stall: 'until_abort' }]] })
    const unhandled = await unhandledDuring(async () => {
      const stream = router.stream({ messages: 'x' })
      let asked: Promise<unknown> | undefined
      for await (const event of stream) {
        if (event.type !== 'text_delta') continue
        asked = stream.response()
        break
      }
      await expect(asked).rejects.toMatchObject({ kind: 'cancelled' })
    })
    expect(unhandled).toEqual([])
    await clock.idle()
    expect(leaks()).toEqual([])
  })

  test("asked and forgotten beside a loop that fails is nobody else's rejection", async () => {
    const unhandled = await unhandledDuring(async () => {
      const stream = rig({ a: [[text('a'), new LLMError('bad_request', 'no')]] }).router.stream({ messages: 'x' })
      void stream.response()
      expect((await readAll(stream)).error).toMatchObject({ kind: 'bad_request' })
    })
    expect(unhandled).toEqual([])
  })

  test('read by text after it was drained under the other face never joins two attempts', async () => {
    const { router, clock } = rig({ a: [[text('half'), new LLMError('server', 'broke')], answered('whole')] })
    const stream = router.stream({ messages: 'x' })
    await clock.run(stream.response())
    expect(await readAll(stream.textStream)).toEqual({ items: ['whole'] })
  })

  test('begun by a drain and joined by a text reader while it waits to start again never joins two attempts', async () => {
    const { router, clock } = rig({ a: [[text('half'), new LLMError('server', 'broke')], answered('whole')] })
    const stream = router.stream({ messages: 'x' })
    stream.response().catch(() => {})
    await clock.idle() // the drain now sleeps between the attempts
    const { items, error } = await clock.run(readAll(stream.textStream))
    expect(items).toEqual(['half'])
    expect(error).toMatchObject({ kind: 'server' })
  })
})

describe('leaving', () => {
  test('break closes the connection before the loop is left', async () => {
    const { router, providers, leaks } = rig({ a: [whole] })
    for await (const event of router.stream({ messages: 'x' })) if (event.type === 'text_delta') break
    expect(providers.a.sent.map(({ closed }) => closed)).toEqual([true])
    expect(leaks()).toEqual([])
  })

  test("a throw in the loop is the consumer's own error, and everything is closed", async () => {
    const { router, leaks } = rig({ a: [whole] })
    const own = new Error('mine')
    const loop = async (): Promise<void> => {
      for await (const event of router.stream({ messages: 'x' })) if (event.type === 'text_delta') throw own
    }
    await expect(loop()).rejects.toBe(own)
    expect(leaks()).toEqual([])
  })

  test('close() is idempotent and may come from elsewhere while the reader waits', async () => {
    const { router, clock, leaks } = rig({ a: [[text('a'), { stall: 'until_abort' }]] })
    const stream = router.stream({ messages: 'x' })
    const reading = readAll(stream)
    await clock.idle()
    await Promise.all([stream.close(), stream.close(), stream[Symbol.asyncDispose]()])
    expect(await reading).toMatchObject({ error: { kind: 'cancelled' } })
    expect(leaks()).toEqual([])
  })

  test('close() after the end changes nothing', async () => {
    const stream = rig({ a: [whole] }).router.stream({ messages: 'x' })
    await readAll(stream)
    await stream.close()
    expect((await stream.response()).text).toBe('one two three four')
  })

  test('await using closes', async () => {
    const { router, leaks, providers } = rig({ a: [whole] })
    {
      await using stream = router.stream({ messages: 'x' })
      await stream[Symbol.asyncIterator]().next()
      await clockless()
    }
    expect(leaks()).toEqual([])
    expect(providers.a.sent).toEqual([])
  })

  test('close() waits no longer than a second for a provider that will not stop', async () => {
    const { router, clock, ledger } = rig({ a: [[text('a'), { stall: 'for_ever' }]] })
    const stream = router.stream({ messages: 'x' })
    const reading = readAll(stream)
    await clock.idle()
    const before = clock.now()
    await clock.run(stream.close())
    await reading
    expect(clock.now() - before).toBe(1_000)
    expect(clock.timersLeft).toBe(0)
    expect(ledger.pendingUsd).toBe(0)
  })
})

describe('a signal', () => {
  test('aborted before the first pull sends and reserves nothing (T05)', async () => {
    const { router, providers, ledger, leaks } = rig({ a: [whole] })
    const stream = router.stream({ messages: 'x', signal: AbortSignal.abort() })
    expect(await readAll(stream)).toMatchObject({ items: [], error: { kind: 'cancelled', billed: 'no' } })
    expect(providers.a.chats).toBe(0)
    expect(ledger.log).toEqual([])
    expect(leaks()).toEqual([])
  })

  test('aborted between attempt_start and the request sends nothing and frees the money, however late (T05)', async () => {
    const { router, providers, ledger, clock, leaks } = rig({ a: [whole] })
    const controller = new AbortController()
    const iterator = router.stream({ messages: 'x', signal: controller.signal })[Symbol.asyncIterator]()
    await iterator.next()
    clock.block(5_000)
    controller.abort()
    await iterator.next()
    await expect(iterator.next()).rejects.toMatchObject({ kind: 'cancelled', attempts: [] })
    expect(providers.a.sent).toEqual([])
    expect(ledger.log).toEqual(['reserve a/m', 'void a/m'])
    expect(leaks()).toEqual([])
  })

  test('aborted while the budget is told of the dispatch sends nothing and costs nothing', async () => {
    const controller = new AbortController()
    const ledger = new Ledger({ before: (method) => (method === 'dispatch' ? controller.abort() : undefined) })
    const { router, providers, leaks } = rig({ a: [whole] }, { budget: ledger })
    const { error } = await readAll(router.stream({ messages: 'x', signal: controller.signal }))
    expect(error).toMatchObject({ kind: 'cancelled', costUsd: 0 })
    expect(providers.a.sent).toEqual([])
    expect(ledger.settlements).toMatchObject([{ costUsd: 0, usageSource: 'none' }])
    expect(leaks()).toEqual([])
  })

  test('aborted during a wait ends the call at once (T06)', async () => {
    const { router, clock, providers, leaks } = rig({
      a: [[new LLMError('rate_limit', 'slow', { retryAfterMs: 30_000 })], whole],
    })
    const controller = new AbortController()
    const done = readAll(router.stream({ messages: 'x', signal: controller.signal }))
    await clock.advance(10_000)
    controller.abort()
    expect(await done).toMatchObject({ error: { kind: 'cancelled' } })
    expect(clock.now()).toBe(10_000)
    expect(providers.a.sent).toHaveLength(1)
    expect(leaks()).toEqual([])
  })

  test('aborted in the middle closes the connection before the error is told (T07)', async () => {
    const { router, providers, ledger, leaks } = rig({ a: [[text('a'), { stall: 'until_abort' }]] })
    const controller = new AbortController()
    const stream = router.stream({ messages: 'x', signal: controller.signal })
    const seen: string[] = []
    const loop = async (): Promise<void> => {
      for await (const event of stream) {
        seen.push(event.type)
        if (event.type === 'text_delta') queueMicrotask(() => controller.abort(new Error('enough')))
      }
    }
    await expect(loop()).rejects.toMatchObject({ kind: 'cancelled', partial: { text: 'a' } })
    expect(seen).toEqual(['attempt_start', 'text_delta', 'attempt_failed'])
    expect(providers.a.open).toBe(0)
    expect(ledger.settlements).toMatchObject([{ usageSource: 'estimated', message: false }])
    expect(leaks()).toEqual([])
  })

  test('aborted after the finish event changes nothing (T08)', async () => {
    const controller = new AbortController()
    const stream = rig({ a: [whole] }).router.stream({ messages: 'x', signal: controller.signal })
    const events: ChatEvent[] = []
    for await (const event of stream) {
      events.push(event)
      if (event.type === 'finish') controller.abort()
    }
    expect(brief(events)).toEqual(oneToFour)
    expect((await stream.response()).text).toBe('one two three four')
  })

  test('aborted between two attempts neither resets nor starts the next', async () => {
    const { router, clock } = rig(
      { a: [[text('half'), new LLMError('auth', 'no')]], b: [answered('whole')] },
      { fallbacks: ['b/m'] },
    )
    const controller = new AbortController()
    const events: ChatEvent[] = []
    const loop = async (): Promise<void> => {
      for await (const event of router.stream({ messages: 'x', signal: controller.signal })) {
        events.push(event)
        if (event.type === 'attempt_failed') controller.abort()
      }
    }
    await expect(clock.run(loop())).rejects.toMatchObject({ kind: 'cancelled' })
    expect(brief(events)).toEqual(['start 1 a/m', 'half', 'failed 1 auth'])
  })

  test('keeps no listener, however many calls it served (T12)', async () => {
    const { router } = rig({ a: [answered('ok')] })
    const { controller, listeners } = countedSignal()
    for (let i = 0; i < 1_000; i++) await router.complete({ messages: 'x', signal: controller.signal })
    for await (const _ of router.stream({ messages: 'x', signal: controller.signal })) break
    router.stream({ messages: 'x', signal: controller.signal })
    expect(listeners()).toBe(0)
  })
})

function clockless(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
