import { expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import { answered } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import { rig } from './kit/rig.ts'

test('of two things that end a call the first is told', async () => {
  const broken = new LLMError('server', 'broke')
  const { router, clock, providers, leaks } = rig({ a: [[broken], answered('late')] })
  const controller = new AbortController()
  const stream = router.stream({ messages: 'x', timeout: 5_000, signal: controller.signal })
  const read = async (): Promise<void> => {
    for await (const { type } of stream) {
      if (type !== 'attempt_failed') continue
      controller.abort()
      // The deadline passes as well before the reader looks again.
      await clock.sleep(6_000)
    }
  }
  await expect(clock.run(read())).rejects.toMatchObject({ kind: 'cancelled' })
  expect(providers.a.sent).toHaveLength(1)
  expect(leaks()).toEqual([])
})

test('a call that is aborted on its way to a cheaper target sends nothing there', async () => {
  const budget = new Ledger({
    soft: ({ provider }) =>
      provider === 'a' ? [{ scope: { kind: 'global' }, limitUsd: 1, spentUsd: 2, first: true }] : [],
  })
  const { router, clock, providers, ledger, leaks } = rig(
    { a: [answered('dear')], b: [answered('cheap')] },
    {
      budget,
      fallbacks: [{ trigger: 'cost_limit', limit: 'soft', action: 'switch_provider', provider: 'b', model: 'm' }],
    },
  )
  const controller = new AbortController()
  const read = async (): Promise<void> => {
    for await (const { type } of router.stream({ messages: 'x', signal: controller.signal }))
      if (type === 'soft_limit') controller.abort()
  }
  await expect(clock.run(read())).rejects.toMatchObject({ kind: 'cancelled', attempts: [] })
  expect([providers.a.sent, providers.b.sent]).toEqual([[], []])
  expect(ledger.log).not.toContain('dispatch b/m')
  expect(leaks()).toEqual([])
})
