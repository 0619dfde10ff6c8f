import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openJournal } from '../../src/journal/index.ts'
import { disk } from '../../src/journal/disk.ts'
import { openOn } from '../../src/journal/open.ts'
import { granted, order, posting, spent, sums } from '../../src/testing/orders.ts'
import { testStore } from '../../src/testing/index.ts'
import { long } from '../long.ts'
import { FakeClock } from '../setup.ts'
import { scratch } from './scratch.ts'
import { everything, walk } from './walk.ts'

const at = scratch()
let files = 0

describe('journal', () => {
  testStore({
    test,
    async open() {
      const store = await openJournal(at(`suite-${files++}`))
      return { store, close: () => store.close() }
    },
  })
})

test.each(long ? [1, 2, 3] : [2])('what is read after a restart is what was read before: walk %d', async (seed) => {
  const path = at(`walk-${seed}`)
  const clock = new FakeClock()
  const first = await openOn(disk, path, { clock }, 4_000)
  await walk(first, 120, seed)
  clock.ms += 1
  const before = await everything(first)
  await first.close()
  const second = await openJournal(path, { clock })
  expect(await everything(second)).toEqual(before)
  await walk(second, 60, seed + 100)
  const later = await everything(second)
  await second.close()
  const third = await openJournal(path, { clock })
  expect(await everything(third)).toEqual(later)
  await third.close()
})

test('attempts under way are found again, and their leases end in their time', async () => {
  const clock = new FakeClock()
  const path = at('leases')
  const before = await openJournal(path, { clock })
  await granted(before, order('reserved', 1, { leaseMs: 1_000 }))
  await granted(before, order('sent', 2, { leaseMs: 1_000 }))
  await granted(before, order('sent long', 4, { leaseMs: 5_000 }))
  await before.dispatch('sent')
  await before.dispatch('sent long')
  await before.close()
  clock.ms += 999
  const after = await openJournal(path, { clock })
  expect(await sums(after)).toEqual([0, 7])
  clock.ms += 1
  expect([await after.sweep(), await sums(after)]).toEqual([2, [2, 4]])
  await after.settle('sent long', posting(3))
  await after.settle('sent', posting(1))
  expect(await sums(after)).toEqual([4, 0])
  await after.close()
})

test('a long file is replaced by a short one, while calls go on', async () => {
  const path = at('long')
  const store = await openOn(disk, path, {}, 2_000)
  for (let wave = 0; wave < 20; wave++)
    await Promise.all(Array.from({ length: 10 }, (_, i) => spent(store, `id-${wave}-${i}`, 1)))
  expect(await sums(store)).toEqual([200, 0])
  await store.close()
  expect(statSync(path).size).toBeLessThan(40_000)
  const again = await openJournal(path)
  expect(await sums(again)).toEqual([200, 0])
  await again.close()
})

test('a journal that is closed grants nothing', async () => {
  const store = await openJournal(at('closed'))
  await store.close()
  await store.close()
  await expect(store.reserve(order('one', 1))).rejects.toMatchObject({ kind: 'store' })
})

test.each(['dear diary\n', 'dear diary', '{"a":1}', '\0\0'])(
  'a file that is no journal is left as it is: %j',
  async (text) => {
    const path = at('other')
    writeFileSync(path, text)
    await expect(openJournal(path)).rejects.toThrow(/is no journal.*give another path/)
    await expect(openJournal(path)).rejects.toMatchObject({ name: 'CostStoreError', kind: 'store' })
    expect(readFileSync(path, 'utf8')).toBe(text)
  },
)

test('C04 a damaged journal stays as it is, and is not opened until it is mended', async () => {
  const path = at('damaged')
  const store = await openJournal(path)
  await spent(store, 'one', 1)
  await store.close()
  const whole = readFileSync(path)
  appendFileSync(path, 'x\n')
  await expect(openJournal(path)).rejects.toThrow(`is damaged at byte ${whole.length}`)
  expect(readFileSync(path)).toEqual(Buffer.concat([whole, Buffer.from('x\n')]))
  writeFileSync(path, whole)
  const mended = await openJournal(path)
  expect(await sums(mended)).toEqual([1, 0])
  await mended.close()
})
