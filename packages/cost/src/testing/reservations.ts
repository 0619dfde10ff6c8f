import { deepEqual, equal } from 'node:assert/strict'
import type { ScopeLimit } from '../store.ts'
import { answers, call, global, granted, limit, order, posting, scopes, spent, sums, today } from './orders.ts'
import type { StoreCase } from './suite.ts'

export const reservations: readonly StoreCase[] = [
  {
    title: 'a limit is used up to its last nano-USD, and not one more is granted',
    async run(store) {
      const limits = [limit(1_000)]
      await granted(store, order('one', 999, { limits }))
      await granted(store, order('two', 1, { limits }))
      const refusal = await store.reserve(order('three', 1, { limits }))
      deepEqual([refusal.ok, await sums(store)], [false, [0, 1_000]])
    },
  },
  {
    title: 'a reservation is pending in every scope of its call',
    async run(store) {
      await granted(store, order('one', 7))
      for (const scope of scopes) deepEqual([scope, await sums(store, scope)], [scope, [0, 7]])
      deepEqual(await sums(store, { kind: 'session', id: 'a:2' }), [0, 0])
    },
  },
  ...scopes.map((scope) => ({
    title: `what the limit of one scope refuses changes no scope: ${JSON.stringify(scope)}`,
    async run(store: Parameters<StoreCase['run']>[0]): Promise<void> {
      const limits = scopes.map((each) => limit(each === scope ? 5 : 100, each))
      const refusal = await store.reserve(order('one', 6, { limits }))
      deepEqual(!refusal.ok && refusal.limit.scope, scope)
      for (const each of scopes) deepEqual(await sums(store, each), [0, 0])
      deepEqual([(await store.sessions(10, undefined)).sessions, await store.agents()], [[], []])
      equal(await store.dispatch('one'), false)
    },
  })),
  {
    title: 'asked again with the same id, it is the same reservation',
    async run(store) {
      const limits = [limit(10)]
      const asked = order('one', 6, { limits })
      const first = await granted(store, asked)
      const again = await granted(store, asked)
      deepEqual([first.amount, again.amount, await sums(store)], [6, 6, [0, 6]])
      await store.dispatch('one')
      equal((await granted(store, asked)).amount, 6)
      deepEqual(await sums(store), [0, 6])
    },
  },
  {
    title: 'between the least and what is wanted, as much is granted as fits',
    async run(store) {
      const limits = [limit(100), limit(60, { kind: 'agent', id: 'a' })]
      await granted(store, order('one', 20, { limits }))
      const { amount } = await granted(store, order('two', 90, { limits, least: 30 }))
      deepEqual([amount, await sums(store)], [40, [0, 60]])
      const refusal = await store.reserve(order('three', 90, { limits, least: 1 }))
      equal(refusal.ok, false)
    },
  },
  {
    title: 'what costs nothing fits under a limit that is spent',
    async run(store) {
      const limits = [limit(5)]
      await spent(store, 'one', 5)
      equal((await store.reserve(order('two', 0, { limits }))).ok, true)
      equal((await store.reserve(order('three', 1, { limits }))).ok, false)
    },
  },
  {
    title: 'a refusal tells whether waiting helps, and of several the worst, whatever their order',
    async run(store) {
      await spent(store, 'spent', 50)
      await granted(store, order('flying', 30))
      const agent = { kind: 'agent', id: 'a' } as const
      const [inFlight, exhausted, tooLarge]: readonly ScopeLimit[] = [
        limit(100),
        limit(60, agent),
        limit(10, { kind: 'session', id: 'a:1' }),
      ]
      const reason = async (limits: readonly (ScopeLimit | undefined)[]): Promise<unknown> => {
        const asked = { limits: limits.filter((one) => one !== undefined) }
        const refusal = await store.reserve(order('asked', 25, asked))
        return refusal.ok || [refusal.reason, refusal.limit.hard]
      }
      deepEqual(await reason([inFlight]), ['in_flight', 100])
      deepEqual(await reason([exhausted, inFlight]), ['exhausted', 60])
      deepEqual(await reason([inFlight, exhausted]), ['exhausted', 60])
      deepEqual(await reason([inFlight, tooLarge, exhausted]), ['too_large', 10])
      deepEqual(await sums(store), [50, 30])
    },
  },
  {
    title: 'of fifty calls at once with room for ten, ten go',
    async run(store) {
      const limits = [limit(100), limit(1_000, { kind: 'agent', id: 'a' })]
      const asked = Array.from({ length: 50 }, (_, i) =>
        store.reserve(order(`id-${i}`, 10, { limits, call: { ...call, session: `a:${i % 7}` } })),
      )
      const told = await answers(asked)
      deepEqual([told.filter(({ ok }) => ok).length, await sums(store)], [10, [0, 100]])
    },
  },
  {
    title: 'the same reservation asked for by many at once is made once',
    async run(store) {
      const asked = Array.from({ length: 20 }, () => store.reserve(order('one', 10, { limits: [limit(1_000)] })))
      const told = await answers(asked)
      deepEqual([told.every(({ ok }) => ok), await sums(store)], [true, [0, 10]])
    },
  },
  {
    title: 'what was reserved can be dispatched, any number of times; what was not cannot',
    async run(store) {
      equal(await store.dispatch('one'), false)
      await granted(store, order('one', 1))
      deepEqual([await store.dispatch('one'), await store.dispatch('one')], [true, true])
      await store.settle('one', posting(1))
      equal(await store.dispatch('one'), false)
    },
  },
  {
    title: 'a limit counts what was spent before it was set',
    async run(store) {
      await spent(store, 'one', 80)
      const limits = [limit(100, { kind: 'model', id: 'p/m' })]
      equal((await store.reserve(order('two', 21, { limits }))).ok, false)
      equal((await store.reserve(order('three', 20, { limits }))).ok, true)
    },
  },
  {
    title: 'a soft limit refuses nothing, and is told as the first once',
    async run(store) {
      const limits: readonly ScopeLimit[] = [{ scope: global, window: 'day', soft: 10 }]
      const marks: unknown[] = []
      for (const id of ['one', 'two', 'three', 'four']) {
        const { soft } = await granted(store, order(id, 6, { limits, calendarAt: today }))
        marks.push(soft.map(({ first, posted, limit: { soft: at } }) => [first, posted, at]))
        await store.settle(id, posting(6))
      }
      deepEqual(marks, [[], [], [[true, 12, 10]], [[false, 18, 10]]])
    },
  },
]
