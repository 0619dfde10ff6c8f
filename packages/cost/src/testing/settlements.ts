import { deepEqual, equal } from 'node:assert/strict'
import type { Posting } from '../store.ts'
import { answers, billed, call, ended, granted, limit, order, posting, scopes, spent, sums, today } from './orders.ts'
import type { StoreCase } from './suite.ts'

export const settlements: readonly StoreCase[] = [
  {
    title: 'a settlement posts in every scope what the attempt cost, and frees the rest',
    async run(store) {
      const settled: Posting = posting(4, { inputTokens: 11, outputTokens: 13 })
      await granted(store, order('one', 10))
      await store.dispatch('one')
      equal(await store.settle('one', settled), true)
      for (const scope of scopes) {
        const { agent, ...figures } = (await store.figures(scope)) ?? {}
        equal(agent, scope.kind === 'session' ? 'a' : undefined)
        deepEqual(figures, {
          posted: 4,
          pending: 0,
          inputTokens: 11,
          outputTokens: 13,
          messages: 1,
          attempts: 1,
          unpriced: 0,
          sources: ['registry'],
        })
      }
    },
  },
  {
    title: 'what cost more than was reserved is posted in full, and leaves no room',
    async run(store) {
      const limits = [limit(10)]
      await granted(store, order('one', 5, { limits }))
      await store.settle('one', posting(25))
      deepEqual(await sums(store), [25, 0])
      equal((await store.reserve(order('two', 1, { limits }))).ok, false)
    },
  },
  {
    title: 'an attempt is settled once, however often and by however many that is told',
    async run(store) {
      await granted(store, order('one', 10))
      const told = await answers(Array.from({ length: 20 }, () => store.settle('one', posting(3))))
      deepEqual([told.filter(Boolean).length, await store.settle('one', posting(3))], [1, false])
      deepEqual([await sums(store), await billed(store)], [[3, 0], 3])
    },
  },
  {
    title: 'the settlement of an attempt that was never reserved changes nothing',
    async run(store) {
      equal(await store.settle('one', posting(3)), false)
      deepEqual([await sums(store), await billed(store)], [[0, 0], 0])
    },
  },
  {
    title: 'a void frees what was not dispatched, once',
    async run(store) {
      await granted(store, order('one', 10))
      await granted(store, order('two', 5))
      deepEqual([await store.void('one'), await store.void('one'), await store.void('none')], [true, false, false])
      deepEqual([await sums(store), await store.settle('one', posting(1))], [[0, 5], false])
    },
  },
  {
    title: 'what was dispatched cannot be voided',
    async run(store) {
      await granted(store, order('one', 10))
      await store.dispatch('one')
      equal(await store.void('one'), false)
      deepEqual(await sums(store), [0, 10])
    },
  },
  {
    title: 'of a void and a settlement at once, one counts',
    async run(store) {
      for (let i = 0; i < 5; i++) {
        const id = `id-${i}`
        await granted(store, order(id, 10))
        const [settled, voided] = await answers([store.settle(id, posting(1)), store.void(id)])
        equal(settled !== voided, true)
      }
      const [posted, pending] = await sums(store)
      deepEqual([posted, pending], [await billed(store), 0])
    },
  },
  {
    title: 'an unknown price is counted, and no money; a failure is an attempt, and no message',
    async run(store) {
      await granted(store, order('one', 10))
      await store.settle('one', posting(undefined, { inputTokens: 5 }))
      await granted(store, order('two', 10))
      await store.settle('two', posting(0, { message: false, source: 'provider' }))
      const { posted, attempts, messages, unpriced, inputTokens, sources } = (await store.figures({
        kind: 'global',
      })) ?? { sources: [] }
      deepEqual([posted, attempts, messages, unpriced, inputTokens], [0, 2, 1, 1, 5])
      deepEqual(sources, ['provider', 'unknown'])
    },
  },
  {
    title: 'an id is free again when its attempt is settled',
    async run(store) {
      for (let i = 0; i < 3; i++) {
        await granted(store, order('one', 10))
        equal(await store.settle('one', posting(2)), true)
      }
      deepEqual(await sums(store), [6, 0])
    },
  },
  {
    title: 'spend that was not reserved is posted whatever the limits',
    async run(store) {
      await granted(store, order('one', 10, { limits: [limit(10)] }))
      await store.record({ id: undefined, call, posting: posting(50), calendarAt: today })
      await store.record({ id: undefined, call, posting: posting(50), calendarAt: today })
      deepEqual([await sums(store), await billed(store)], [[100, 10], 100])
      deepEqual(await store.posted([limit(1, { kind: 'session', id: 'a:1' }, { window: 'day' })], today), [100])
    },
  },
  {
    title: 'spend with an id is recorded once; if the id was reserved, as its settlement',
    async run(store) {
      const record = (id: string, nano: number) => store.record({ id, call, posting: posting(nano), calendarAt: today })
      await granted(store, order('one', 10))
      await store.dispatch('one')
      deepEqual([await record('one', 4), await record('one', 4), await record('two', 3)], [true, false, true])
      equal(await record('two', 3), false)
      deepEqual([await sums(store), await billed(store)], [[7, 0], 7])
    },
  },
  {
    title: 'an id that was settled, reserved again and freed may be recorded',
    async run(store) {
      await spent(store, 'one', 3)
      await granted(store, order('one', 10))
      await store.void('one')
      equal(await store.record({ id: 'one', call, posting: posting(4), calendarAt: today }), true)
      deepEqual([await sums(store), await billed(store)], [[7, 0], 7])
    },
  },
  {
    title: 'an attempt that was settled is not recorded again',
    async run(store) {
      await spent(store, 'one', 4)
      await granted(store, order('late', 10, ended))
      await store.dispatch('late')
      await store.sweep()
      await store.settle('late', posting(5))
      for (const id of ['one', 'late'])
        equal(await store.record({ id, call, posting: posting(4), calendarAt: today }), false)
      deepEqual([await sums(store), await billed(store)], [[9, 0], 9])
    },
  },
  {
    title: 'an attempt that was recorded before it was reserved is counted once, and what was reserved is freed',
    async run(store) {
      const record = (id: string) => store.record({ id, call, posting: posting(4), calendarAt: today })
      const ends: readonly [string, () => unknown][] = [
        ['settled', () => store.settle('settled', posting(7))],
        ['void', () => store.void('void')],
        ['swept', () => store.sweep()],
        ['recorded', async () => [await record('recorded'), await store.settle('recorded', posting(7))]],
      ]
      for (const [id, end] of ends) {
        equal(await record(id), true)
        await granted(store, order(id, 10, id === 'swept' ? ended : {}))
        if (id !== 'void') equal(await store.dispatch(id), true)
        await end()
        deepEqual([await record(id), await store.settle(id, posting(7))], [false, false], id)
      }
      deepEqual([await sums(store), await billed(store)], [[16, 0], 16])
    },
  },
]
