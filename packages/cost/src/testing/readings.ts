import { deepEqual, equal } from 'node:assert/strict'
import type { CallScopes, CostStore } from '../store.ts'
import { billed, call, day, granted, limit, order, posting, spent, sums, today } from './orders.ts'
import type { StoreCase } from './suite.ts'

export const readings: readonly StoreCase[] = [
  {
    title: 'what nobody knows has spent nothing',
    async run(store) {
      equal(await store.figures({ kind: 'session', id: 'a:1' }), undefined)
      deepEqual(await store.posted([limit(1), limit(1, { kind: 'tag', tag: 't', id: 'v' })], today), [0, 0])
      deepEqual([await store.agents(), await store.rows('0000', '9999')], [[], []])
      deepEqual((await store.sessions(10, undefined)).sessions, [])
    },
  },
  {
    title: 'sessions come in pages, each once, in the order of their first use',
    async run(store) {
      const names = Array.from({ length: 12 }, (_, i) => `a:${(i * 7) % 12}`)
      for (const [i, session] of names.entries()) await spent(store, `id-${i}`, 1, { call: { ...call, session } })
      await spent(store, 'again', 1, { call: { ...call, session: names[0] } })
      const pages = await paged(store, 5)
      deepEqual(pages.flat(), names)
      deepEqual(
        pages.map(({ length }) => length),
        [5, 5, 2],
      )
      equal((await store.sessions(12, undefined)).next, undefined)
    },
  },
  {
    title: 'going on after a session that was forgotten meanwhile leaves none out',
    async run(store) {
      for (const session of ['a:1', 'a:2', 'a:3']) await spent(store, session, 1, { call: { ...call, session } })
      const { next } = await store.sessions(2, undefined)
      await store.forget('a:2')
      deepEqual(
        (await store.sessions(2, next)).sessions.map(({ session }) => session),
        ['a:3'],
      )
    },
  },
  {
    title: 'sessions know their agent and their figures, and agents how many sessions they have',
    async run(store) {
      const of = (session: string, agent: string) => ({ call: { ...call, session, agent } })
      await spent(store, 'one', 3, of('a:1', 'a'))
      await spent(store, 'two', 4, of('a:2', 'a'))
      await spent(store, 'three', 5, of('b:1', 'b'))
      await granted(store, order('four', 6, of('a:2', 'a')))
      const { sessions } = await store.sessions(10, undefined)
      deepEqual(
        sessions.map(({ session, agent, posted, pending }) => [session, agent, posted, pending]),
        [
          ['a:1', 'a', 3, 0],
          ['a:2', 'a', 4, 6],
          ['b:1', 'b', 5, 0],
        ],
      )
      const agents = async () =>
        (await store.agents())
          .map(({ agent, sessions: count, posted, pending }) => [agent, count, posted, pending] as const)
          .toSorted((one, other) => (one[0] < other[0] ? -1 : 1))
      deepEqual(await agents(), [
        ['a', 2, 7, 6],
        ['b', 1, 5, 0],
      ])
      await store.forget('a:1')
      await store.forget('a:1')
      deepEqual((await agents())[0], ['a', 1, 7, 6])
    },
  },
  {
    title: 'the bill has a row for each day and combination of scopes',
    async run(store) {
      const other: CallScopes = { ...call, session: undefined, agent: undefined, tags: { tier: 'free', team: 'red' } }
      const turned: CallScopes = { ...other, tags: { team: 'red', tier: 'free' } }
      await spent(store, 'one', 1)
      await spent(store, 'two', 2)
      await spent(store, 'three', 4, { call: other })
      await spent(store, 'four', 8, { call: turned, calendarAt: day('2026-03-11') })
      await spent(store, 'five', 16, { call: other, calendarAt: day('2026-03-11') })
      await spent(store, 'six', 32, { call: {}, calendarAt: day('2026-03-12') })
      const rows = async (from: string, to: string) =>
        (await store.rows(from, to))
          .map((row) => [row.day, row.call.session ?? '', row.call.tags?.['team'] ?? '', row.posted, row.attempts])
          .toSorted((one, two) => String(one).localeCompare(String(two)))
      deepEqual(await rows('0000', '9999'), [
        ['2026-03-10', '', 'red', 4, 1],
        ['2026-03-10', 'a:1', 'red', 3, 2],
        ['2026-03-11', '', 'red', 24, 2],
        ['2026-03-12', '', '', 32, 1],
      ])
      deepEqual(await rows('2026-03-11', '2026-03-11'), [['2026-03-11', '', 'red', 24, 2]])
      const [row] = await store.rows('2026-03-10', '2026-03-10')
      deepEqual([row?.call.provider, row?.call.model, row?.call.tags], ['p', 'm', { team: 'red', tier: 'free' }])
    },
  },
  {
    title: 'a session that is forgotten loses its name and its figures, and no money',
    async run(store) {
      await spent(store, 'one', 3)
      await spent(store, 'two', 4, { call: { ...call, session: 'a:2' } })
      await store.forget('a:1')
      equal(await store.figures({ kind: 'session', id: 'a:1' }), undefined)
      deepEqual([await sums(store), await billed(store)], [[7, 0], 7])
      const rows = await store.rows('0000', '9999')
      deepEqual(rows.map((row) => row.call.session ?? '').toSorted(), ['', 'a:2'])
    },
  },
  {
    title: 'calls of a forgotten session that are under way count everywhere else, and not in one of the same name',
    async run(store) {
      await granted(store, order('one', 3))
      await store.forget('a:1')
      await granted(store, order('two', 5))
      await store.settle('one', posting(2))
      deepEqual(
        [await sums(store), await sums(store, { kind: 'session', id: 'a:1' })],
        [
          [2, 5],
          [0, 5],
        ],
      )
      const rows = await store.rows('0000', '9999')
      deepEqual(
        rows.map((row) => [row.call.session ?? '', row.posted]),
        [['', 2]],
      )
      await store.settle('two', posting(5))
      deepEqual([await sums(store), await billed(store)], [[7, 0], 7])
    },
  },
]

async function paged(store: CostStore, size: number): Promise<string[][]> {
  const pages: string[][] = []
  let after: string | undefined
  do {
    const page = await store.sessions(size, after)
    pages.push(page.sessions.map(({ session }) => session))
    after = page.next
  } while (after !== undefined && pages.length < 100)
  return pages
}
