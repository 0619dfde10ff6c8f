import { describe, expect, test } from 'vitest'
import type { Attempt, Router } from '@wayfare/core'
import { collect, collectUntil } from './kit/collector.ts'
import { answered, text, usage } from './kit/events.ts'
import { unhandledDuring } from './kit/rejections.ts'
import { rig } from './kit/rig.ts'

const endless = [text('one'), text('two'), usage({ input: 7 }), { stall: 'until_abort' }] as const

/** Each takes a little and lets go of everything. In functions of their own, so that no frame here holds a stream. */
const ways: readonly [what: string, take: (router: Router) => Promise<void>][] = [
  [
    'of the events',
    async (router) => {
      const reader = router.stream({ messages: 'x' })[Symbol.asyncIterator]()
      while ((await reader.next()).value?.type !== 'text_delta');
    },
  ],
  [
    'of the text',
    async (router) => void (await router.stream({ messages: 'x' }).textStream[Symbol.asyncIterator]().next()),
  ],
  [
    'of a loop that never goes on',
    async (router) => {
      let reached = (): void => {}
      const started = new Promise<void>((resolve) => (reached = resolve))
      void (async () => {
        for await (const event of router.stream({ messages: 'x' })) {
          if (event.type !== 'text_delta') continue
          reached()
          await new Promise(() => {})
        }
      })()
      await started
    },
  ],
]

describe('a reader that is dropped without a word', () => {
  test.each(ways)('%s leaves the call when it is collected', async (_, take) => {
    const { router, leaks, ledger } = rig({ a: [endless] })
    const lines: Attempt[] = []
    router.on('attempt', (line) => lines.push(line))
    const unhandled = await unhandledDuring(async () => {
      await take(router)
      expect(leaks()).not.toEqual([])
      await collectUntil(() => lines.length > 0 && leaks().length === 0)
    })
    expect(leaks()).toEqual([])
    expect(lines).toMatchObject([{ outcome: 'cancelled', kind: 'cancelled', billed: 'yes' }])
    expect(ledger.settlements).toHaveLength(1)
    expect(unhandled).toEqual([])
  })

  test('and one that is held keeps its call', async () => {
    const { router, clock, providers } = rig({ a: [endless] })
    const reader = router.stream({ messages: 'x' })[Symbol.asyncIterator]()
    await clock.run(reader.next())
    await reader.next()
    await collect()
    expect(providers.a.open).toBe(1)
    expect(await reader.next()).toMatchObject({ value: { type: 'text_delta', text: 'two' } })
    await reader.return?.()
    expect(providers.a.open).toBe(0)
  })

  test('while `response()` reads on keeps its call too', async () => {
    const { router, clock } = rig({ a: [[text('one'), { waitMs: 1_000 }, ...answered('two')]] })
    const asked = (() => router.stream({ messages: 'x' }).response())()
    await clock.idle()
    await collect()
    expect(await clock.run(asked)).toMatchObject({ text: 'onetwo' })
  })
})
