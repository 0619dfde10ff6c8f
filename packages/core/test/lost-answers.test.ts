import { expect, test } from 'vitest'
import { answered } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import { rig } from './kit/rig.ts'

/** A store that does what it is told, and whose answers are lost. */
function deafening(losses: number): Ledger {
  const ledger = new Ledger()
  const dispatch = ledger.dispatch.bind(ledger)
  let left = losses
  ledger.dispatch = async (attemptId) => {
    const state = ledger.entries.get(attemptId)?.state
    if (state === 'reserved') await dispatch(attemptId)
    if (left-- > 0) throw new Error('lost')
  }
  return ledger
}

test('an attempt that the store may believe to be sent is settled at nothing, not freed', async () => {
  const { router, clock, ledger, providers, leaks } = rig({ a: [answered('ok')] }, { budget: deafening(2) })
  await expect(clock.run(router.complete({ messages: 'x' }))).rejects.toMatchObject({
    kind: 'store',
    attempts: [],
    costUsd: 0,
  })
  expect(providers.a.sent).toEqual([])
  expect(ledger.log).toEqual(['reserve a/m', 'dispatch a/m', 'settle a/m'])
  expect(ledger.settlements).toMatchObject([{ costUsd: 0, usageSource: 'none', message: false }])
  expect(leaks()).toEqual([])
})

test('one lost answer is asked for once more, and the attempt is sent', async () => {
  const { router, clock, ledger, leaks } = rig({ a: [answered('ok')] }, { budget: deafening(1) })
  expect((await clock.run(router.complete({ messages: 'x' }))).text).toBe('ok')
  expect(ledger.log).toEqual(['reserve a/m', 'dispatch a/m', 'settle a/m'])
  expect(leaks()).toEqual([])
})
