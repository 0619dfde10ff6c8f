import { deepEqual } from 'node:assert/strict'
import type { Scope } from '@wayfare/core'
import { billed, call, granted, limit, order, posting, spent, sums } from './orders.ts'
import type { StoreCase } from './suite.ts'

/** Names that mean something to some language that a store may be written in. */
const odd: readonly string[] = [
  `{}:*'";--`,
  "'); drop table ledger; --",
  '{a}',
  '*',
  'a b',
  'line\nbreak',
  'nul\0',
  'nul',
  '\\u0000',
  '"',
  '%_',
  '?[a]',
  '$1',
  '__proto__',
  'constructor',
  'tab\t',
  'a:b:c',
  '👋é',
  'e\u0301',
  '\ud800',
  '\udfff',
  '\ufffd',
  '   ',
  'x'.repeat(3_000),
  `${'x'.repeat(3_000)}y`,
]

export const names: readonly StoreCase[] = [
  {
    title: 'any text is a session, an agent, a tag or an id, and none is taken for another',
    async run(store) {
      for (const [i, name] of odd.entries()) {
        const named = { provider: name, model: name, session: name, agent: name, tags: own(name, name) }
        await granted(store, order(name, 100, { call: named, limits: [limit(100, { kind: 'session', id: name })] }))
        await store.dispatch(name)
        deepEqual([name, await store.settle(name, posting(i + 1))], [name, true])
      }
      for (const [i, name] of odd.entries()) {
        const each: readonly Scope[] = [
          { kind: 'session', id: name },
          { kind: 'agent', id: name },
          { kind: 'provider', id: name },
          { kind: 'tag', tag: name, id: name },
        ]
        for (const scope of each) deepEqual([scope, await sums(store, scope)], [scope, [i + 1, 0]])
      }
      const total = (odd.length * (odd.length + 1)) / 2
      deepEqual([await sums(store), await billed(store)], [[total, 0], total])
      const { sessions } = await store.sessions(1_000, undefined)
      deepEqual(
        sessions.map(({ session }) => session),
        odd,
      )
      const rows = await store.rows('0000', '9999')
      deepEqual(new Set(rows.map((row) => row.call.session)), new Set(odd))
    },
  },
  {
    title: 'the same text in scopes of different kinds names different scopes',
    async run(store) {
      await spent(store, 'one', 1, { call: { session: 'x' } })
      await spent(store, 'two', 2, { call: { agent: 'x' } })
      await spent(store, 'three', 4, { call: { provider: 'x' } })
      await spent(store, 'four', 8, { call: { provider: 'x', model: 'x' } })
      await spent(store, 'five', 16, { call: { tags: { x: 'x' } } })
      await spent(store, 'six', 32, { call: { tags: { 'x","x': 'x' } } })
      const each: readonly Scope[] = [
        { kind: 'session', id: 'x' },
        { kind: 'agent', id: 'x' },
        { kind: 'provider', id: 'x' },
        { kind: 'model', id: 'x/x' },
        { kind: 'tag', tag: 'x', id: 'x' },
        { kind: 'tag', tag: 'x', id: 'x","x' },
      ]
      const found = await Promise.all(each.map((scope) => sums(store, scope)))
      deepEqual(
        found.map(([posted]) => posted),
        [1, 2, 12, 8, 16, 0],
      )
    },
  },
  {
    title: 'nine million dollars are counted to the nano-USD',
    async run(store) {
      const most = 9e15
      const limits = [limit(most)]
      await spent(store, 'one', most - 2, { limits })
      await spent(store, 'two', 1, { limits })
      deepEqual(await sums(store), [most - 1, 0])
      await granted(store, order('three', 1, { limits, call: { ...call, session: 'other' } }))
      const refusal = await store.reserve(order('four', 1, { limits }))
      deepEqual([refusal.ok, await sums(store), await billed(store)], [false, [most - 1, 1], most - 1])
    },
  },
]

/** A name like any other, also where it is that of the prototype. */
function own(tag: string, value: string): { readonly [tag: string]: string } {
  return Object.fromEntries([[tag, value]])
}
