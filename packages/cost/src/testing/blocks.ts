import { deepEqual, equal } from 'node:assert/strict'
import { billed, call, day, ended, global, granted, limit, order, posting, sums, today } from './orders.ts'
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
    title: 'what is taken from a block that its lease has charged is taken out of that, at the window of the block',
    async run(store) {
      const daily = limit(100, global, { window: 'day' })
      await granted(store, order('block', 60, { ...ended, call: {} }))
      await store.dispatch('block')
      await store.sweep()
      deepEqual(await sums(store), [60, 0])
      const tomorrow = day('2026-03-11', '2026-03-09')
      const record = (id: string, nano: number) => {
        const from = { id: 'block', amount: 25 }
        return store.record({ id, call, posting: posting(nano), calendarAt: tomorrow, from })
      }
      deepEqual([await record('one', 20), await record('one', 20)], [true, false])
      deepEqual([await sums(store), await billed(store)], [[55, 0], 55])
      await record('two', 25)
      deepEqual([await sums(store), await store.posted([daily], tomorrow)], [[55, 0], [0]])
      equal(await store.settle('block', posting(0, { message: false, source: 'unknown', attempts: 0 })), true)
      deepEqual([await sums(store), await billed(store)], [[45, 0], 45])
      deepEqual((await store.figures(global))?.attempts, 2)
      deepEqual(await store.posted([limit(100, { kind: 'session', id: 'a:1' })], tomorrow), [45])
    },
  },
  {
    title: 'a block that is given back was no attempt, and leaves nothing in the bill',
    async run(store) {
      await granted(store, order('block', 60, { call: {} }))
      await store.dispatch('block')
      const rest = posting(0, { message: false, source: 'unknown', attempts: 0 })
      deepEqual([await store.settle('block', rest), await store.settle('block', rest)], [true, false])
      const { attempts, sources, posted, pending } = (await store.figures(global)) ?? {}
      deepEqual([attempts, sources, posted, pending, await store.rows('0000', '9999')], [0, [], 0, 0, []])
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
