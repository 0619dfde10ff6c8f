import { expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import { answered } from './kit/events.ts'
import type { Script } from './kit/provider.ts'
import { rig } from './kit/rig.ts'

test('a call that succeeds in the end gives its retries back: a vendor may be slow for ever', async () => {
  const script: Script[] = Array.from({ length: 120 }, (_, index) =>
    index % 2 === 0 ? [new LLMError('rate_limit', 'slow down')] : answered('ok'),
  )
  const { router, clock, providers } = rig({ a: script })
  for (let i = 0; i < 60; i++) expect((await clock.run(router.complete({ messages: 'x' }))).text).toBe('ok')
  expect(providers.a.sent).toHaveLength(120)
})

test('what a model wrote opens no circuit, however often it is wrong', async () => {
  const { router, clock, providers } = rig({
    a: [[new LLMError('protocol', 'nonsense', { phase: 'output', retryable: false })]],
  })
  const circuits: string[] = []
  router.on('breaker', ({ key }) => circuits.push(key))
  for (let i = 0; i < 12; i++)
    await expect(clock.run(router.complete({ messages: 'x' }))).rejects.toMatchObject({ kind: 'protocol' })
  expect([circuits, providers.a.sent.length]).toEqual([[], 12])
})
