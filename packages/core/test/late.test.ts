import { describe, expect, test } from 'vitest'
import { LLMError, Router, jsonSchema } from '@wayfare/core'
import type { Provider } from '@wayfare/core'
import { VirtualClock } from './kit/clock.ts'
import { answered, call, finish, text } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import { ScriptedProvider } from './kit/provider.ts'
import { unhandledDuring } from './kit/rejections.ts'
import { readAll, rig } from './kit/rig.ts'

const broken = new LLMError('bad_request', 'refused')

describe('response() that is asked', () => {
  test('by a reader that is behind a call that has failed need not be caught', async () => {
    const { router, clock } = rig({ a: [[text('a'), text('b'), broken]] })
    const stream = router.stream({ messages: 'x', onInterrupt: 'fail' })
    const unhandled = await unhandledDuring(async () => {
      const iterator = stream[Symbol.asyncIterator]()
      await clock.run(iterator.next())
      void stream.response()
      await clock.idle()
      // The call has ended by now, and its reader has not.
      void stream.response()
      await clock.idle()
      const { error } = await clock.run(readAll({ [Symbol.asyncIterator]: () => iterator }))
      expect(error).toMatchObject({ kind: 'bad_request' })
    })
    expect(unhandled).toEqual([])
    await expect(stream.response()).rejects.toMatchObject({ kind: 'bad_request' })
  })
})

test('a reader that leaves gets nothing more, also when the call has ended before', async () => {
  const { router, clock } = rig({ a: [[text('a'), text('b'), finish()]] })
  const stream = router.stream({ messages: 'x' })
  const iterator = stream[Symbol.asyncIterator]()
  await clock.run(iterator.next())
  expect((await clock.run(stream.response())).text).toBe('ab')
  await iterator.return?.()
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
})

test('a stream that is closed between the last events of its answer hands out those that are left', async () => {
  const { router, clock } = rig({ a: [[call('look', {}), finish('tool_calls')]] })
  const stream = router.stream({ messages: 'x', tools: { look: { inputSchema: jsonSchema({}) } } })
  const types: string[] = []
  await clock.run(
    (async () => {
      for await (const { type } of stream) {
        types.push(type)
        if (type === 'tool_call') await stream.close()
      }
    })(),
  )
  expect(types).toEqual(['attempt_start', 'tool_call', 'finish'])
})

describe('a reader of text that comes late sees nothing of an attempt that broke', () => {
  const scripts = {
    a: [[text('void '), new LLMError('server', 'broke', { retryable: false })]],
    b: [answered('whole')],
  }

  /** Its text, or the part of it before an error. */
  async function readLate(budget: Ledger, clock: VirtualClock, until: () => Promise<void>): Promise<readonly string[]> {
    const { router } = rig(scripts, { budget, clock, fallbacks: ['b/m'] })
    const stream = router.stream({ messages: 'x' })
    stream.response().catch(() => {})
    await until()
    const { items, error } = await clock.run(readAll(stream.textStream))
    return error === undefined ? items : [...items, 'error']
  }

  test('while the next one is prepared', async () => {
    const clock = new VirtualClock()
    let asked = 0
    const budget = new Ledger({
      before: (method) => (method === 'reserve' && ++asked === 2 ? clock.sleep(300) : undefined),
    })
    expect(await readLate(budget, clock, () => clock.advance(100))).toEqual(['void ', 'error'])
  })

  test('whenever that is', async () => {
    for (let turns = 0; turns < 200; turns++) {
      const wait = async (): Promise<void> => {
        for (let i = 0; i < turns; i++) await Promise.resolve()
      }
      const seen = await readLate(new Ledger(), new VirtualClock(), wait)
      expect([['whole'], ['void ', 'error'], ['error']]).toContainEqual(seen)
    }
  })
})

test('what a provider sends after it was given up is told to nobody', async () => {
  const clock = new VirtualClock()
  const deaf: Provider = {
    name: 'deaf',
    chat: () => ({
      [Symbol.asyncIterator]: () => ({
        // Heeds neither its signal nor its return.
        next: () => clock.sleep(20_000).then(() => ({ done: false, value: text('too late') })),
        return: () => Promise.resolve({ done: true, value: undefined }),
      }),
    }),
  }
  const other = new ScriptedProvider('b', [[text('in '), { waitMs: 30_000 }, text('time'), finish()]])
  const router = new Router({
    providers: [deaf, other],
    model: { provider: 'deaf', model: 'm' },
    fallbacks: [{ trigger: 'timeout', action: 'switch_provider', provider: 'b', model: 'm' }],
    clock,
  })
  const { items, error } = await clock.run(readAll(router.stream({ messages: 'x', timeout: { firstChunkMs: 5_000 } })))
  expect(error).toBeUndefined()
  expect(items.flatMap((event) => (event.type === 'text_delta' ? [event.text] : []))).toEqual(['in ', 'time'])
})
