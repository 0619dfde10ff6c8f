import { deepEqual, equal } from 'node:assert/strict'
import { answers, billed, call, ended, global, granted, limit, order, posting, sums, today } from './orders.ts'
import type { StoreCase } from './suite.ts'

export const leases: readonly StoreCase[] = [
  {
    title: 'C01 a reservation that was never dispatched is freed when its lease ends',
    async run(store) {
      await granted(store, order('one', 10, ended))
      await store.sweep()
      deepEqual([await sums(store), await billed(store)], [[0, 0], 0])
      equal((await store.figures(global))?.attempts ?? 0, 0)
    },
  },
  {
    title: 'C02 a dispatched one is charged in full when its lease ends',
    async run(store) {
      await granted(store, order('one', 10, ended))
      await store.dispatch('one')
      await store.sweep()
      deepEqual([await sums(store), await billed(store)], [[10, 0], 10])
      const { attempts, messages, unpriced } = (await store.figures({ kind: 'session', id: 'a:1' })) ?? {}
      deepEqual([attempts, messages, unpriced], [1, 0, 0])
    },
  },
  {
    title: 'what has a lease yet is left alone, and nothing ends twice',
    async run(store) {
      await granted(store, order('one', 10, ended))
      await store.dispatch('one')
      await granted(store, order('two', 20))
      const swept = await answers([store.sweep(), store.sweep(), store.sweep()])
      equal(swept.reduce((sum, each) => sum + each, 0) <= 1, true)
      deepEqual([await store.sweep(), await sums(store), await billed(store)], [0, [10, 20], 10])
    },
  },
  ...([4, 10, 25] as const).map((nano) => ({
    title: `a late settlement corrects what was charged, once: 10 becomes ${nano}`,
    async run(store: Parameters<StoreCase['run']>[0]): Promise<void> {
      await granted(store, order('one', 10, ended))
      await store.dispatch('one')
      await store.sweep()
      deepEqual([await store.settle('one', posting(nano)), await store.settle('one', posting(nano))], [true, false])
      deepEqual([await sums(store), await billed(store)], [[nano, 0], nano])
      const { attempts, messages } = (await store.figures(global)) ?? {}
      deepEqual([attempts, messages], [1, 1])
    },
  })),
  {
    title: 'a late settlement of what was freed is posted, once',
    async run(store) {
      await granted(store, order('one', 10, ended))
      await store.sweep()
      deepEqual([await store.settle('one', posting(4)), await store.settle('one', posting(4))], [true, false])
      deepEqual([await sums(store), await billed(store)], [[4, 0], 4])
      equal((await store.figures(global))?.attempts, 1)
    },
  },
  {
    title: 'what was freed cannot be dispatched or voided any more',
    async run(store) {
      await granted(store, order('one', 10, ended))
      await store.sweep()
      deepEqual([await store.dispatch('one'), await store.void('one'), await sums(store)], [false, false, [0, 0]])
    },
  },
  {
    title: 'an id that is reserved again after its lease is settled once',
    async run(store) {
      await granted(store, order('one', 10, ended))
      await store.sweep()
      await granted(store, order('one', 10))
      await store.dispatch('one')
      deepEqual([await store.settle('one', posting(3)), await store.settle('one', posting(3))], [true, false])
      deepEqual([await sums(store), await billed(store)], [[3, 0], 3])
    },
  },
  {
    title: 'room that a lease held is found by the next reservation, without a sweep',
    async run(store) {
      const limits = [limit(10)]
      await granted(store, order('one', 10, { ...ended, limits }))
      await granted(store, order('two', 10, { limits }))
      deepEqual(await sums(store), [0, 10])
    },
  },
  {
    title: 'what is recorded late with its id replaces what its lease charged',
    async run(store) {
      await granted(store, order('one', 10, ended))
      await store.dispatch('one')
      await store.sweep()
      const told = await store.record({ id: 'one', call, posting: posting(3), calendarAt: today })
      deepEqual([told, await sums(store), await billed(store)], [true, [3, 0], 3])
    },
  },
]
