import { describe, expect, test } from 'vitest'
import { SqliteStore } from '../../src/sqlite/index.ts'
import type { SqliteDatabase } from '../../src/sqlite/index.ts'
import { day, granted, order, posting, spent, sums } from '../../src/testing/orders.ts'
import { testStore } from '../../src/testing/index.ts'
import { scratch } from '../journal/scratch.ts'
import { FakeClock } from '../setup.ts'
import { builtin } from './builtin.ts'
import { wasmDatabase } from './wasm.ts'

const at = scratch()

describe('sqlite', () => {
  testStore({
    test,
    async open() {
      const { database, close } = wasmDatabase(':memory:')
      return { store: new SqliteStore(database), close }
    },
  })
})

describe.skipIf(builtin === undefined)('sqlite of Node (needs Node 22.5 or newer)', () => {
  testStore({
    test,
    async open() {
      const database = builtin?.(':memory:')
      if (database === undefined) throw new Error('there is none')
      return { store: new SqliteStore(database), close: () => database.close() }
    },
  })
})

test('what was told is found again in the file, by whoever opens it', async () => {
  const clock = new FakeClock()
  const path = at('again.db')
  const one = wasmDatabase(path)
  const first = new SqliteStore(one.database, { clock })
  await spent(first, 'one', 3)
  await granted(first, order('two', 5, { leaseMs: 1_000 }))
  first.dispatch('two')
  one.close()
  clock.ms += 1_000
  const two = wasmDatabase(path)
  const second = new SqliteStore(two.database, { clock })
  expect([await sums(second), second.sweep(), await sums(second)]).toEqual([[3, 5], 1, [8, 0]])
  two.close()
})

test('an attempt that has ended is forgotten after five weeks, and its money is not', async () => {
  const clock = new FakeClock()
  const { database, close } = wasmDatabase(':memory:')
  const store = new SqliteStore(database, { clock })
  const record = () => store.record({ id: 'one', call: {}, posting: posting(1), calendarAt: day('2026-03-10') })
  expect([record(), record()]).toEqual([true, false])
  clock.ms += 35 * 86_400_000 + 1
  store.sweep()
  expect([await sums(store), record(), await sums(store)]).toEqual([[1, 0], true, [2, 0]])
  close()
})

test('what fails in the middle is undone', async () => {
  const { database, close } = wasmDatabase(':memory:')
  let fails = false
  const brittle: SqliteDatabase = {
    exec: (sql) => database.exec(sql),
    prepare(sql) {
      const statement = database.prepare(sql)
      return {
        ...statement,
        run(...values) {
          if (fails && sql.includes('into wayfare_reservations')) throw new Error('disk I/O error')
          return statement.run(...values)
        },
      }
    },
  }
  const store = new SqliteStore(brittle)
  await spent(store, 'one', 1)
  fails = true
  expect(() => store.reserve(order('two', 5))).toThrow('disk I/O error')
  fails = false
  expect(await sums(store)).toEqual([1, 0])
  close()
})
