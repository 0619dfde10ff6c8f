import { expect, test } from 'vitest'
import { answered } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import { rig } from './kit/rig.ts'

test('close() has the budget tell its store the rest, once the settlements under way have ended', async () => {
  let downs = 2
  const budget: Ledger & { flush?(): number } = new Ledger({
    before: (method) => {
      if (method === 'settle' && downs-- > 0) throw new Error('down')
    },
  })
  const settledAtFlush: number[] = []
  budget.flush = () => settledAtFlush.push(budget.settlements.length)
  const { router, clock, leaks } = rig({ a: [answered('ok')] }, { budget })
  await clock.run(router.complete({ messages: 'x' }))
  expect(budget.settlements).toHaveLength(0)
  await clock.run(router.close())
  expect(settledAtFlush).toEqual([1])
  expect(leaks()).toEqual([])
})
