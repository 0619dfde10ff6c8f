import { deepEqual, equal } from 'node:assert/strict'
import { call, ended, granted, limit, order, posting, sums, today } from './orders.ts'
import type { StoreCase } from './suite.ts'

export const blocks: readonly StoreCase[] = [
  {
    title: 'spend that is taken from a block leaves the sum of posted and pending as it was',
    async run(store) {
      const limits = [limit(100)]
      await granted(store, order('block', 60, { call: {}, limits }))
      const from = { id: 'block', amount: 25 }
      equal(await store.record({ id: 'one', call, posting: posting(25), calendarAt: today, from }), true)
      deepEqual(
        [await sums(store), await sums(store, { kind: 'session', id: 'a:1' })],
        [
          [25, 35],
          [25, 0],
        ],
      )
      equal(await store.record({ id: 'one', call, posting: posting(25), calendarAt: today, from }), false)
      deepEqual(await sums(store), [25, 35])
      await store.void('block')
      deepEqual(await sums(store), [25, 0])
    },
  },
  {
    title: 'no more is taken from a block than it has, and nothing from one that has ended',
    async run(store) {
      await granted(store, order('block', 10, { call: {} }))
      await granted(store, order('other', 5, { ...ended, call: {} }))
      const record = (id: string, block: string) =>
        store.record({
          id,
          call,
          posting: posting(30),
          calendarAt: today,
          from: { id: block, amount: 30 },
        })
      await record('one', 'block')
      deepEqual((await sums(store))[0], 30)
      await store.sweep()
      deepEqual(await sums(store), [30, 0])
      await record('two', 'other')
      deepEqual([await sums(store), await store.void('block')], [[60, 0], true])
      deepEqual(await sums(store), [60, 0])
    },
  },
]
