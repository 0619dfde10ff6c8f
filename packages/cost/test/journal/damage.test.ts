import { describe, expect, test } from 'vitest'
import { MemoryStore } from '../../src/index.ts'
import { readLines } from '../../src/journal/line.ts'
import { openOn } from '../../src/journal/open.ts'
import { replay } from '../../src/journal/replay.ts'
import { granted, order, posting, sums } from '../../src/testing/orders.ts'
import { figures } from '../figures.ts'
import { long } from '../long.ts'
import { FakeClock } from '../setup.ts'
import { FakeDisk } from './fake-disk.ts'
import { scratch } from './scratch.ts'
import { dice, everything, walk } from './walk.ts'

const at = scratch()
/** 2,000 with WAYFARE_LONG=1. */
const deaths = long ? 2_000 : 12
const flips = long ? 2_000 : 200
const tell = figures('journal-damage', 'Money: a journal that is cut or changed', 'pnpm test:long money --figures')

async function written(steps: number): Promise<Buffer> {
  const disk = new FakeDisk()
  const path = at(`written-${steps}`)
  const store = await openOn(disk, path, { clock: new FakeClock() })
  await walk(store, steps, 5)
  await store.close()
  return disk.files.get(path) ?? Buffer.alloc(0)
}

async function replayed(records: readonly unknown[]): Promise<unknown> {
  let now = 0
  const store = new MemoryStore({ clock: { now: () => now, date: () => new Date(now) } })
  replay(records, store, (ms) => (now = ms), 'journal')
  return everything(store)
}

test('C03 a journal that is cut anywhere in its last lines is read up to the last whole one', async () => {
  const bytes = await written(30)
  const all = readLines(bytes, 'journal').records
  const begin = Math.max(0, bytes.length - (long ? 4_000 : 600))
  let lines = readLines(bytes.subarray(0, bytes.lastIndexOf(10, begin) + 1), 'journal').records.length
  for (let cut = bytes.lastIndexOf(10, begin) + 1; cut <= bytes.length; cut++) {
    const read = readLines(bytes.subarray(0, cut), 'journal')
    if (read.records.length > lines) lines++
    expect([cut, read.records.length]).toEqual([cut, lines])
    expect(read.size).toBe(bytes.lastIndexOf(10, cut - 1) + 1)
  }
  expect(lines).toBe(all.length)
  tell(
    `A journal cut after each of its last ${bytes.length - begin} bytes: each time all lines are read that were whole, and no other.`,
  )
})

test('C03 what is replayed of a journal that was cut is what was written until then', async () => {
  const disk = new FakeDisk()
  const path = at('prefix')
  const store = await openOn(disk, path, { clock: new FakeClock() })
  const states: { readonly size: number; readonly state: unknown }[] = []
  for (let i = 0; i < 12; i++) {
    await walk(store, 3, i)
    states.push({ size: disk.files.get(path)?.length ?? 0, state: await everything(store) })
  }
  await store.close()
  const bytes = disk.files.get(path) ?? Buffer.alloc(0)
  for (const { size, state } of states) {
    expect(await replayed(readLines(bytes.subarray(0, size + 5), 'journal').records)).toEqual(state)
  }
})

test(`C04 of ${flips} journals with one bit flipped, each is found to be damaged`, async () => {
  const bytes = await written(10)
  const random = dice(11)
  for (let i = 0; i < flips; i++) {
    const position = random(bytes.length)
    const flipped = Buffer.from(bytes)
    flipped[position]! ^= 1 << random(8)
    expect(() => readLines(flipped, 'journal'), `byte ${position}`).toThrow(/damaged at byte \d+/)
  }
  tell(
    `${flips} journals with one bit flipped: ${flips} are refused as damaged, 0 records accepted that were not written.`,
  )
})

test('C04 lines that are lost, doubled or moved are found, though each is whole', async () => {
  const lines = (await written(6)).toString().split('\n').slice(0, -1)
  const broken = [
    lines.toSpliced(4, 1),
    lines.toSpliced(4, 0, lines[4] ?? ''),
    lines.toSpliced(4, 2, lines[5] ?? '', lines[4] ?? ''),
  ]
  for (const some of broken) expect(() => readLines(Buffer.from(`${some.join('\n')}\n`), 'journal')).toThrow('damaged')
})

test(`C03 whenever the process dies, what it had acknowledged is found again: ${deaths} deaths`, async () => {
  for (let life = 0; life < deaths; life++) {
    const disk = new FakeDisk()
    const path = at(`death-${life}`)
    const store = await openOn(disk, path, {}, 1_500)
    disk.life = 40 + ((life * 97) % 9_000)
    const acknowledged = { reserved: new Set<string>(), settled: new Set<string>() }
    const one = async (i: number): Promise<void> => {
      const id = `id-${i}`
      await store.reserve(order(id, 100))
      acknowledged.reserved.add(id)
      await store.dispatch(id)
      await store.settle(id, posting(1))
      acknowledged.settled.add(id)
    }
    void Promise.all(
      Array.from({ length: 6 }, async (_, lane) => {
        for (let i = 0; i < 10; i++) await one(lane * 10 + i)
      }),
    )
    // All that can happen happens in microtasks; then the disk answers no more.
    await new Promise((resolve) => setImmediate(resolve))
    const bytes = disk.files.get(path) ?? Buffer.alloc(0)
    const found = new MemoryStore()
    replay(readLines(bytes, path).records, found, () => {}, path)
    const [posted, pending] = await sums(found)
    expect(posted).toBeGreaterThanOrEqual(acknowledged.settled.size)
    expect(posted + pending / 100).toBeGreaterThanOrEqual(acknowledged.reserved.size)
    expect(posted + pending / 100).toBeLessThanOrEqual(60)
  }
  tell(`${deaths} processes that died in the middle of a write, a sync or a rename: 0 acknowledged records lost.`)
})

describe('C05 a disk that is full', () => {
  const opened = async (name: string) => {
    const disk = new FakeDisk()
    const clock = new FakeClock()
    const open = () => openOn(disk, at(name), { clock })
    return { disk, clock, open, store: await open() }
  }

  test('C05 grants nothing, loses nothing, and goes on when it has room again', async () => {
    const { disk, store, open } = await opened('full')
    await granted(store, order('before', 10))
    disk.room = 25
    await expect(store.reserve(order('one', 5))).rejects.toMatchObject({ kind: 'store', retryable: false })
    await expect(store.reserve(order('two', 5))).rejects.toThrow('cannot be written (ENOSPC)')
    await expect(store.dispatch('before')).rejects.toThrow('ENOSPC')
    expect(await sums(store)).toEqual([0, 10])
    disk.room = Infinity
    await granted(store, order('three', 5))
    expect(await store.void('before')).toBe(true)
    await store.close()
    const again = await open()
    expect(await sums(again)).toEqual([0, 5])
    await again.close()
  })

  test('C05 keeps a settlement for when it is told again', async () => {
    const { disk, store, open } = await opened('settle')
    await granted(store, order('one', 10))
    await store.dispatch('one')
    disk.room = 3
    await expect(store.settle('one', posting(4))).rejects.toThrow('ENOSPC')
    await expect(store.settle('one', posting(4))).rejects.toThrow('ENOSPC')
    disk.room = Infinity
    expect([await store.settle('one', posting(4)), await store.settle('one', posting(4))]).toEqual([true, false])
    await store.close()
    const again = await open()
    expect(await sums(again)).toEqual([4, 0])
    await again.close()
  })

  test('C05 a dispatch that could not be written was none: it can be voided', async () => {
    const { disk, store } = await opened('dispatch')
    await granted(store, order('one', 10))
    disk.room = 30
    await expect(store.dispatch('one')).rejects.toThrow('ENOSPC')
    disk.room = Infinity
    expect([await store.void('one'), await sums(store)]).toEqual([true, [0, 0]])
    await store.close()
  })

  test('C05 a process that dies while its disk is full is charged what it had sent', async () => {
    const { disk, store, clock, open } = await opened('died')
    await granted(store, order('one', 10, { leaseMs: 1_000 }))
    await store.dispatch('one')
    disk.room = 0
    await expect(store.settle('one', posting(4))).rejects.toThrow('ENOSPC')
    await store.close()
    disk.room = Infinity
    clock.ms += 1_000
    const again = await open()
    await again.sweep()
    expect(await sums(again)).toEqual([10, 0])
    await again.close()
  })
})
