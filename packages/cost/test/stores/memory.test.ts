import { describe, expect, test } from 'vitest'
import { MemoryStore } from '../../src/index.ts'
import { call, granted, order, posting, spent, sums, today } from '../../src/testing/orders.ts'
import { testStore } from '../../src/testing/index.ts'

describe('memory', () => {
  testStore({ test, open: async () => ({ store: new MemoryStore() }) })

  const many = Array.from({ length: 1_000 }, (_, i) => `${i}${'é'.repeat(i % 4)}`)

  test('of a thousand attempts that were settled none is posted again', async () => {
    const store = new MemoryStore()
    for (const id of many) await spent(store, id, 1)
    for (const id of many) expect(store.record({ id, call, posting: posting(1), calendarAt: today })).toBe(false)
    expect(await sums(store)).toEqual([1_000, 0])
  })

  test('a reservation lives on while a thousand others end, and ids may be used again', async () => {
    const store = new MemoryStore()
    await granted(store, order('live', 7))
    for (const id of [...many, ...many]) {
      await granted(store, order(id, 2))
      expect(store.void(id)).toBe(true)
      expect(store.dispatch(id)).toBe(false)
    }
    for (const id of many) await granted(store, order(id, 2))
    expect(await sums(store)).toEqual([0, 2_007])
    for (const id of many) expect(store.settle(id, posting(1))).toBe(true)
    for (const id of many) expect(store.settle(id, posting(1))).toBe(false)
    expect(store.dispatch('live')).toBe(true)
    expect(store.settle('live', posting(5))).toBe(true)
    expect(await sums(store)).toEqual([1_005, 0])
  })
})
