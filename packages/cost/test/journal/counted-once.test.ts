import { expect, test } from 'vitest'
import { openJournal } from '../../src/journal/index.ts'
import { call, granted, order, posting, spent, sums, today } from '../../src/testing/orders.ts'
import { scratch } from './scratch.ts'

const at = scratch()

test.each([false, true])(
  'what was settled or recorded is counted once after a restart, too; written anew before: %s',
  async (isNew) => {
    const path = at(`counted-${isNew}.journal`)
    const record = { call, posting: posting(4), calendarAt: today }
    {
      await using store = await openJournal(path)
      await spent(store, 'settled', 3)
      await store.record({ id: 'recorded', ...record })
      await granted(store, order('block', 50, { leaseMs: 0 }))
      await store.dispatch('block')
      await store.sweep()
      await store.record({ id: 'share', ...record, from: { id: 'block', amount: 20 } })
      if (isNew) await store.rotate()
    }
    await using store = await openJournal(path)
    expect(await sums(store)).toEqual([3 + 4 + 50 - 20 + 4, 0])
    for (const id of ['settled', 'recorded', 'share']) expect(await store.record({ id, ...record })).toBe(false)
    await spent(store, 'recorded', 9)
    await store.settle('block', posting(0, { message: false, source: 'unknown', attempts: 0 }))
    expect(await sums(store)).toEqual([3 + 4 + 4, 0])
  },
)
