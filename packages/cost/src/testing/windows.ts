import { deepEqual, equal } from 'node:assert/strict'
import type { Window } from '@wayfare/core'
import type { CostStore } from '../store.ts'
import { call, day, ended, global, granted, limit, order, posting, spent, sums } from './orders.ts'
import type { StoreCase } from './suite.ts'

const tuesday = day('2026-03-31', '2026-03-30')
const wednesday = day('2026-04-01', '2026-03-30')
const monday = day('2026-04-06', '2026-04-06')

export const windows: readonly StoreCase[] = [
  {
    title: 'the day, the week and the month each begin anew, and the total never',
    async run(store) {
      await spent(store, 'one', 5, { calendarAt: tuesday })
      deepEqual(await posted(store, tuesday), [5, 5, 5, 5])
      await spent(store, 'two', 7, { calendarAt: wednesday })
      deepEqual(await posted(store, wednesday), [7, 12, 7, 12])
      await spent(store, 'three', 9, { calendarAt: monday })
      deepEqual(await posted(store, monday), [9, 9, 16, 21])
    },
  },
  {
    title: 'a window that nobody has spent in is empty, though nobody has entered it',
    async run(store) {
      await spent(store, 'one', 5, { calendarAt: tuesday })
      deepEqual(await posted(store, monday), [0, 0, 0, 5])
    },
  },
  {
    title: 'B08 a settlement is posted to the window of its reservation',
    async run(store) {
      const limits = [limit(10, global, { window: 'day' })]
      await granted(store, order('one', 9, { limits, calendarAt: tuesday }))
      await store.dispatch('one')
      await granted(store, order('two', 1, { limits, calendarAt: wednesday }))
      await store.settle('one', posting(8))
      deepEqual(await posted(store, wednesday), [0, 8, 0, 8])
      await granted(store, order('three', 9, { limits, calendarAt: wednesday }))
      const rows = await store.rows('0000', '9999')
      deepEqual(
        rows.map((row) => [row.day, row.posted]),
        [['2026-03-31', 8]],
      )
    },
  },
  {
    title: 'what is pending counts in the window that comes, too',
    async run(store) {
      const limits = [limit(10, global, { window: 'day' })]
      await granted(store, order('one', 9, { limits, calendarAt: tuesday }))
      const refusal = await store.reserve(order('two', 2, { limits, calendarAt: wednesday }))
      equal(!refusal.ok && refusal.reason, 'in_flight')
    },
  },
  {
    title: 'a late settlement is corrected in the window of its reservation',
    async run(store) {
      await granted(store, order('one', 10, { ...ended, calendarAt: tuesday }))
      await store.dispatch('one')
      await store.sweep()
      await spent(store, 'two', 1, { calendarAt: wednesday })
      await store.settle('one', posting(4))
      deepEqual(await posted(store, wednesday), [1, 5, 1, 5])
    },
  },
  {
    title: 'time that runs backwards opens no window again',
    async run(store) {
      const limits = [limit(10, global, { window: 'day' })]
      await spent(store, 'one', 6, { calendarAt: tuesday })
      await spent(store, 'two', 10, { calendarAt: wednesday })
      await store.reserve(order('three', 1, { limits, calendarAt: tuesday }))
      equal((await store.reserve(order('four', 1, { limits, calendarAt: wednesday }))).ok, false)
    },
  },
  {
    title: 'a refusal says when its window ends, and nothing where it never does',
    async run(store) {
      const calendarAt = () => ({ ...wednesday(0), dayEnds: 8e15, weekEnds: 8.1e15, monthEnds: 8.2e15 })
      await spent(store, 'one', 5, { calendarAt })
      const ends: unknown[] = []
      for (const window of ['day', 'week', 'month', 'total'] as const) {
        const refusal = await store.reserve(order('two', 1, { calendarAt, limits: [limit(5, global, { window })] }))
        ends.push(!refusal.ok && refusal.resetsAt)
      }
      deepEqual(ends, [8e15, 8.1e15, 8.2e15, undefined])
    },
  },
  {
    title: 'a soft limit is told as the first again when its window has changed',
    async run(store) {
      const told: unknown[] = []
      for (const [index, calendarAt] of [tuesday, tuesday, wednesday, wednesday].entries()) {
        const limits = [{ scope: global, window: 'day' as const, soft: 1 }]
        const { soft } = await granted(store, order(`id-${index}`, 1, { calendarAt, limits }))
        told.push(...soft.map(({ first }) => [index, first]))
        await store.settle(`id-${index}`, posting(1))
      }
      deepEqual(told, [
        [1, true],
        [3, true],
      ])
    },
  },
  {
    title: 'what is recorded counts in the window of now',
    async run(store) {
      await spent(store, 'one', 5, { calendarAt: tuesday })
      await store.record({ id: 'two', call, posting: posting(3), calendarAt: wednesday })
      deepEqual(
        [await posted(store, wednesday), await sums(store)],
        [
          [3, 8, 3, 8],
          [8, 0],
        ],
      )
    },
  },
]

/** What is posted in the day, the week, the month and in all, of the session. */
async function posted(store: CostStore, calendarAt: typeof tuesday): Promise<readonly number[]> {
  const kinds: readonly Window[] = ['day', 'week', 'month', 'total']
  const scope = { kind: 'session', id: 'a:1' } as const
  return store.posted(
    kinds.map((window) => ({ scope, window })),
    calendarAt,
  )
}
