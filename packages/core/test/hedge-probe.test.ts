import { expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import { answered } from './kit/events.ts'
import type { Script } from './kit/provider.ts'
import { rig } from './kit/rig.ts'

test('of two calls that would hedge at a target that failed, one probes it and the other waits for its own', async () => {
  const broken: Script = [new LLMError('server', 'broke', { retryable: false })]
  const { router, clock, providers, leaks } = rig({
    a: [[{ waitMs: 5_000 }, ...answered('slow')]],
    b: [broken, broken, broken, broken, broken, [{ waitMs: 500 }, ...answered('quick')]],
  })
  const breakers: string[] = []
  router.on('breaker', ({ key, state }) => breakers.push(`${key} ${state}`))
  for (let i = 0; i < 5; i++) await clock.run(router.complete({ messages: 'x', model: 'b/m' }).catch(() => undefined))
  await clock.advance(30_000)
  const call = { messages: 'x', alternatives: ['b/m'], hedge: { afterMs: 1_000 } } as const
  const both = await clock.run(Promise.all([router.complete(call), router.complete(call)]))
  expect(both.map(({ text }) => text).toSorted()).toEqual(['quick', 'slow'])
  expect(providers.b.sent).toHaveLength(6)
  expect(breakers).toEqual(['b/m open', 'b/m half_open'])
  expect(leaks()).toEqual([])
})
