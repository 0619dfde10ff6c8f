import type { ReserveResult } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { CostTracker, MemoryStore, type CostTrackerOptions } from '../../src/index.ts'
import { ask, cost, milliPerToken } from '../setup.ts'
import { BadLine } from './bad-line.ts'
import { TimedClock } from './timed-clock.ts'

function setUp(options: CostTrackerOptions = {}) {
  const clock = new TimedClock()
  const memory = new MemoryStore({ clock })
  const store = new BadLine(memory, clock)
  const warnings: string[] = []
  const onWarning = ({ code }: { code: string }): void => void warnings.push(code)
  const limits = { global: { hard: 100 } }
  const tracker = new CostTracker({ clock, store, pricing: milliPerToken, limits, onWarning, ...options })
  /** What comes of something while time passes. */
  const during = async <T>(ms: number, promise: T | Promise<T>): Promise<T | 'failed' | 'pending'> => {
    let outcome: T | 'failed' | 'pending' = 'pending'
    Promise.resolve(promise).then(
      (value) => (outcome = value),
      () => (outcome = 'failed'),
    )
    await clock.pass(ms)
    return outcome
  }
  const figures = async () => {
    const { costUsd, pendingUsd, attempts } = await tracker.global()
    return [costUsd, pendingUsd, attempts]
  }
  return { clock, memory, store, tracker, warnings, during, figures }
}

const isOk = (result: ReserveResult | string): boolean => typeof result === 'object' && result.ok

describe('closed, the default', () => {
  test('D01 a store that is down at the reservation refuses the call, and nothing is reserved', async () => {
    const { store, tracker, during, figures } = setUp()
    store.line = 'down'
    expect(await during(0, tracker.reserve(ask(1)))).toBe('failed')
    store.line = 'silent'
    const silent = tracker.reserve(ask(1))
    expect(await during(999, silent)).toBe('pending')
    expect(await during(1, silent)).toBe('failed')
    expect(await figures()).toEqual([0, 0, 0])
  })

  test('D02 what was settled while the store was down is settled when it is back, and pending until then', async () => {
    const { store, tracker, during, figures, clock } = setUp()
    const one = ask(10)
    await tracker.reserve(one)
    await tracker.dispatch(one.attemptId)
    store.line = 'down'
    expect(await during(0, tracker.settle(one.attemptId, cost(4)))).toBeUndefined()
    await clock.pass(60_000 - 1)
    expect([await figures(), tracker.unsent]).toEqual([[0, 10, 0], 1])
    expect(await during(250, tracker.flush())).toBe(1)
    store.line = 'up'
    await clock.pass(30_000)
    expect([await figures(), tracker.unsent, clock.timers]).toEqual([[4, 0, 1], 0, 0])
  })

  test('D02 a settlement of which the answer was lost is told again, and counts once', async () => {
    const { store, tracker, during, figures, clock } = setUp()
    const one = ask(10)
    await tracker.reserve(one)
    await tracker.dispatch(one.attemptId)
    store.line = 'deaf'
    expect(await during(1_000, tracker.settle(one.attemptId, cost(4)))).toBeUndefined()
    store.line = 'up'
    await clock.pass(1_000)
    expect([await figures(), tracker.ignored]).toEqual([[4, 0, 1], 0])
  })

  test('D03 a reservation that was made and not answered is the same one when it is asked for again', async () => {
    const { store, tracker, during, figures } = setUp()
    const one = ask(10)
    store.line = 'deaf'
    expect(await during(1_000, tracker.reserve(one))).toBe('failed')
    store.line = 'up'
    expect(isOk(await tracker.reserve(one))).toBe(true)
    expect(await figures()).toEqual([0, 10, 0])
  })

  test('D03 if the call is given up instead, it is freed', async () => {
    const { store, tracker, during, figures, clock } = setUp()
    const one = ask(10)
    store.line = 'deaf'
    expect(await during(1_000, tracker.reserve(one))).toBe('failed')
    store.line = 'down'
    expect(await during(0, tracker.void(one.attemptId))).toBeUndefined()
    store.line = 'up'
    await clock.pass(1_000)
    expect(await figures()).toEqual([0, 0, 0])
  })

  test('D06 a store that takes half a second is waited for', async () => {
    const { store, tracker, during, figures, clock } = setUp()
    const one = ask(10)
    store.line = 'slow'
    expect(isOk((await during(500, tracker.reserve(one))) as ReserveResult)).toBe(true)
    expect(await during(500, tracker.dispatch(one.attemptId))).toBeUndefined()
    expect(await during(500, tracker.settle(one.attemptId, cost(4)))).toBeUndefined()
    expect([await figures(), clock.timers]).toEqual([[4, 0, 1], 0])
  })

  test('C06 what is left when a process wants to end is told by flush', async () => {
    const { store, tracker, during, figures } = setUp()
    const all = [ask(1), ask(2), ask(3)]
    for (const one of all) {
      await tracker.reserve(one)
      await tracker.dispatch(one.attemptId)
    }
    store.line = 'down'
    for (const one of all) await during(0, tracker.settle(one.attemptId, cost(1)))
    store.line = 'up'
    expect(await tracker.flush()).toBe(0)
    expect(await figures()).toEqual([3, 0, 3])
  })

  test('C06 a flush tries three times, and keeps the process alive meanwhile', async () => {
    const memory = new MemoryStore()
    const store = new BadLine(memory, new TimedClock())
    let held = 0
    const timer = (ms: number, fire: () => void) => {
      const started = systemClock.timer!(ms, fire)
      return { ...started, hold: () => (held++, started.hold?.()) }
    }
    const clock = { ...systemClock, timer }
    const tracker = new CostTracker({ clock, store, limits: { global: { hard: 100 } }, pricing: milliPerToken })
    const one = ask(1)
    await tracker.reserve(one)
    await tracker.dispatch(one.attemptId)
    store.line = 'down'
    await tracker.settle(one.attemptId, cost(1))
    const flushed = tracker.flush()
    await new Promise((resolve) => setImmediate(resolve))
    expect(held).toBe(1)
    store.line = 'up'
    expect(await flushed).toBe(0)
    expect(memory.figures({ kind: 'global' })).toMatchObject({ posted: 1e9, pending: 0 })
  })

  test('C01 C02 C06 what a process that was killed had sent is charged by its lease, what it had not is freed', async () => {
    const { clock, figures, tracker } = setUp()
    const [sent, unsent] = [ask(3, { leaseMs: 1_000 }), ask(5, { leaseMs: 1_000 })]
    await tracker.reserve(sent)
    await tracker.reserve(unsent)
    await tracker.dispatch(sent.attemptId)
    await clock.pass(1_000)
    expect(await figures()).toEqual([3, 0, 1])
  })
})

test('a settlement that the store never takes lets the others pass, and is given up in the end', async () => {
  const { memory, store, tracker, during, figures, clock, warnings } = setUp()
  const all = [ask(1), ask(1), ask(1), ask(1), ask(1), ask(1)]
  for (const one of all) {
    await tracker.reserve(one)
    await tracker.dispatch(one.attemptId)
  }
  const settle = memory.settle.bind(memory)
  const bad = all.slice(0, 4).map(({ attemptId }) => attemptId)
  memory.settle = (id, posting) => {
    if (bad.includes(id)) throw new Error('never this one')
    return settle(id, posting)
  }
  store.line = 'down'
  for (const one of all) await during(0, tracker.settle(one.attemptId, cost(1)))
  // However often a store that is down is tried, nothing is given up.
  await clock.pass(3_600_000)
  expect(tracker.unsent).toBe(6)
  store.line = 'up'
  await clock.pass(60_000)
  expect([await figures(), tracker.unsent, warnings]).toEqual([[6, 0, 6], 4, []])
  for (let i = 0; i < 15; i++) {
    const one = ask(1)
    await tracker.reserve(one)
    await tracker.dispatch(one.attemptId)
    store.line = 'down'
    await during(0, tracker.settle(one.attemptId, cost(1)))
    store.line = 'up'
    await clock.pass(60_000)
  }
  expect([await figures(), tracker.unsent, warnings]).toEqual([[21, 0, 21], 0, ['given_up']])
})

describe('open', () => {
  test('D01 calls go on without the store, are told of, and are posted when it is back', async () => {
    const { store, tracker, during, figures, clock, warnings } = setUp({ onStoreDown: 'open' })
    store.line = 'down'
    const [one, two] = [ask(80), ask(80)]
    for (const each of [one, two]) expect(isOk((await during(50, tracker.reserve(each))) as ReserveResult)).toBe(true)
    for (const each of [one, two]) {
      expect(await during(0, tracker.dispatch(each.attemptId))).toBeUndefined()
      expect(await during(0, tracker.settle(each.attemptId, cost(70)))).toBeUndefined()
    }
    expect([await figures(), warnings]).toEqual([[0, 0, 0], ['store_down']])
    store.line = 'up'
    await clock.pass(60_000)
    expect(await figures()).toEqual([140, 0, 2])
    expect(await tracker.reserve(ask(1))).toMatchObject({ ok: false, reason: 'exhausted' })
  })

  test('D03 a reservation that was made although nobody heard is settled, not posted beside', async () => {
    const { store, tracker, during, figures, clock } = setUp({ onStoreDown: 'open' })
    store.line = 'deaf'
    const one = ask(10)
    expect(isOk((await during(2_050, tracker.reserve(one))) as ReserveResult)).toBe(true)
    expect(await during(0, tracker.dispatch(one.attemptId))).toBeUndefined()
    expect(await during(1_000, tracker.settle(one.attemptId, cost(4)))).toBeUndefined()
    store.line = 'up'
    await clock.pass(60_000)
    expect(await figures()).toEqual([4, 0, 1])
  })

  test('a store that failed is left alone for a second', async () => {
    const { store, tracker, during, clock } = setUp({ onStoreDown: 'open' })
    store.line = 'down'
    await during(50, tracker.reserve(ask(1)))
    const { asked } = store
    for (let i = 0; i < 10; i++) await during(0, tracker.reserve(ask(1)))
    expect(store.asked).toBe(asked)
    store.line = 'up'
    await clock.pass(1_000)
    await tracker.reserve(ask(1))
    expect(store.asked).toBe(asked + 1)
  })

  test('what was reserved before the store went down is sent and settled', async () => {
    const { store, tracker, during, figures, clock } = setUp({ onStoreDown: 'open' })
    const one = ask(10)
    await tracker.reserve(one)
    store.line = 'down'
    expect(await during(0, tracker.dispatch(one.attemptId))).toBeUndefined()
    expect(await during(0, tracker.settle(one.attemptId, cost(4)))).toBeUndefined()
    store.line = 'up'
    await clock.pass(60_000)
    expect(await figures()).toEqual([4, 0, 1])
  })
})

describe('lease', () => {
  const leased = async (limits = { global: { hard: 10 } }) => {
    const all = setUp({ onStoreDown: 'lease', limits })
    const first = ask(0.1)
    await all.tracker.reserve(first)
    await all.tracker.void(first.attemptId)
    await all.clock.pass(0)
    return all
  }

  test('D01 a process spends what it has set aside, and no more', async () => {
    const { store, tracker, during, figures, clock } = await leased()
    expect(await figures()).toEqual([0, 0.5, 0])
    store.line = 'down'
    const asks = [ask(0.2), ask(0.2), ask(0.2)]
    const told: unknown[] = []
    for (const one of asks) {
      const result = await during(50, tracker.reserve(one))
      told.push(typeof result === 'object' && result.ok)
    }
    expect(told).toEqual([true, true, false])
    for (const one of asks.slice(0, 2)) {
      await during(0, tracker.dispatch(one.attemptId))
      await during(0, tracker.settle(one.attemptId, cost(0.15)))
    }
    store.line = 'up'
    await clock.pass(60_000)
    // What was spent has left the block, and so has what it was allowed to cost and did not.
    expect(await figures()).toEqual([0.3, 0.1, 2])
  })

  test('at no instant is more posted and pending than the limit', async () => {
    const { memory, store, tracker, during, clock } = await leased({ global: { hard: 1 } })
    const one = ask(0.04)
    store.line = 'down'
    await during(50, tracker.reserve(one))
    await during(0, tracker.dispatch(one.attemptId))
    await during(0, tracker.settle(one.attemptId, cost(0.04)))
    await clock.pass(10_000)
    store.line = 'up'
    const rest = ask(0.95)
    expect(await during(50, tracker.reserve(rest))).toMatchObject({ ok: true })
    for (let i = 0; i < 60; i++) {
      await clock.pass(1_000)
      const { posted = 0, pending = 0 } = memory.figures({ kind: 'global' }) ?? {}
      expect(posted + pending).toBeLessThanOrEqual(1e9)
    }
    expect(memory.figures({ kind: 'global' })?.posted).toBe(0.04e9)
  })

  test('what is given up goes back to the block', async () => {
    const { store, tracker, during } = await leased()
    store.line = 'down'
    for (let i = 0; i < 5; i++) {
      const one = ask(0.4)
      expect(await during(50, tracker.reserve(one))).toMatchObject({ ok: true })
      await during(0, tracker.void(one.attemptId))
    }
  })

  test('a block that the store may have given up is not spent', async () => {
    const { store, tracker, during, clock } = await leased()
    store.line = 'down'
    await clock.pass(7_199_000)
    expect(await during(50, tracker.reserve(ask(0.1)))).toMatchObject({ ok: true })
    await clock.pass(1_000)
    expect(await during(50, tracker.reserve(ask(0.1)))).toBe('failed')
  })

  test('calls that no hard limit applies to go on', async () => {
    const { store, tracker, during } = setUp({ onStoreDown: 'lease', limits: {} })
    store.line = 'down'
    expect(await during(50, tracker.reserve(ask(1)))).toMatchObject({ ok: true })
  })

  test('before an exit the blocks are given back', async () => {
    const { tracker, figures } = await leased()
    expect(await tracker.flush()).toBe(0)
    expect(await figures()).toEqual([0, 0, 0])
  })

  test('a block is replaced before it ends', async () => {
    const { tracker, clock, figures } = await leased()
    await clock.pass(3_601_000)
    const one = ask(0.1)
    await tracker.reserve(one)
    await tracker.void(one.attemptId)
    await clock.pass(0)
    await clock.pass(3_599_000)
    expect(await figures()).toEqual([0, 0.5, 0])
  })

  /** What another process gets of what is left. */
  const others = async ({ memory, clock }: Awaited<ReturnType<typeof leased>>, hard: number, usd: number) => {
    const tracker = new CostTracker({ clock, store: memory, pricing: milliPerToken, limits: { global: { hard } } })
    const one = ask(usd, { leaseMs: 1e9 })
    return refusedOr(await tracker.reserve(one))
  }
  const refusedOr = (result: ReserveResult) => (result.ok ? 'granted' : result.reason)
  const sum = ({ memory }: { readonly memory: MemoryStore }): number => {
    const { posted = 0, pending = 0 } = memory.figures({ kind: 'global' }) ?? {}
    return (posted + pending) / 1e9
  }

  test('a call under way keeps its share when the block is replaced', async () => {
    const all = await leased({ global: { hard: 1 } })
    const { store, tracker, during, clock } = all
    store.line = 'down'
    const [one, given] = [ask(0.04), ask(0.01)]
    for (const each of [one, given]) await during(50, tracker.reserve(each))
    await during(0, tracker.dispatch(one.attemptId))
    store.line = 'up'
    await clock.pass(3_601_000)
    const next = ask(0.01)
    expect(await tracker.reserve(next)).toMatchObject({ ok: true })
    await tracker.void(next.attemptId)
    await clock.pass(0)
    // Two blocks of 0.05: of the old one a share is under way.
    expect([sum(all), await others(all, 1, 0.91), await others(all, 1, 0.9)]).toEqual([0.1, 'in_flight', 'granted'])
    expect(await during(0, tracker.settle(one.attemptId, cost(0.04)))).toBeUndefined()
    expect(sum(all)).toBe(1)
    await during(0, tracker.void(given.attemptId))
    expect(sum(all)).toBe(0.99)
  })

  test('an outage that outlives the block frees nothing of what was spent of it', async () => {
    const all = await leased({ global: { hard: 1 } })
    const { store, tracker, during, clock } = all
    store.line = 'down'
    const one = ask(0.05)
    await during(50, tracker.reserve(one))
    await during(0, tracker.dispatch(one.attemptId))
    await during(0, tracker.settle(one.attemptId, cost(0.045)))
    await clock.pass(7_200_000)
    expect([await others(all, 1, 0.96), await others(all, 1, 0.95), sum(all)]).toEqual(['exhausted', 'granted', 1])
    store.line = 'up'
    for (let i = 0; i < 40; i++) {
      await clock.pass(1_000)
      expect(sum(all)).toBeLessThanOrEqual(1)
    }
    expect(await tracker.flush()).toBe(0)
    expect(await tracker.global()).toMatchObject({ costUsd: 0.045, pendingUsd: 0.95, attempts: 1 })
  })

  test('a process that is killed is charged with its block, by the lease', async () => {
    const { clock, figures } = await leased()
    await clock.pass(7_200_000)
    expect(await figures()).toEqual([0.5, 0, 1])
  })

  test('a block whose making was not answered is given back', async () => {
    const all = setUp({ onStoreDown: 'lease', limits: { global: { hard: 10 } } })
    const one = ask(0.1)
    const reserve = all.memory.reserve.bind(all.memory)
    all.memory.reserve = (order) => {
      if (order.id.startsWith('block:')) all.store.line = 'deaf'
      return reserve(order)
    }
    await all.tracker.reserve(one)
    await all.clock.pass(0)
    await all.clock.pass(1_000)
    all.store.line = 'up'
    await all.clock.pass(10_000)
    expect(await all.figures()).toEqual([0, 0.1, 0])
  })

  test('many sets of limits, one after the other, have a block each while they are in use', async () => {
    const { store, tracker, during, clock, figures } = setUp({
      onStoreDown: 'lease',
      limits: { session: { hard: 10 } },
    })
    for (let i = 0; i < 45; i++) {
      const one = ask(0.1, { session: `s${i}` })
      await during(0, tracker.reserve(one))
      await during(0, tracker.void(one.attemptId))
      if (i % 15 === 14) await clock.pass(60_000)
    }
    expect(await figures()).toEqual([0, 20 * 0.5, 0])
    store.line = 'down'
    const spends = async (session: string) => during(50, tracker.reserve(ask(0.1, { session })))
    expect([await spends('s44'), await spends('s0')]).toEqual([expect.objectContaining({ ok: true }), 'failed'])
  })
})

test("D07 clocks of processes that differ by ten minutes decide nothing: leases and windows are the store's", async () => {
  const shared = new TimedClock('2026-03-10T23:55:00Z')
  const store = new MemoryStore({ clock: shared })
  const limits = { global: { hard: 10, window: 'day' as const } }
  const trackers = [-600_000, 0, 600_000].map((skewMs) => {
    const clock = new TimedClock()
    clock.ms = shared.ms + skewMs
    return new CostTracker({ clock, store, limits, pricing: milliPerToken })
  })
  const all = trackers.map(() => ask(3, { leaseMs: 60_000 }))
  for (const [i, tracker] of trackers.entries()) expect(await tracker.reserve(all[i]!)).toMatchObject({ ok: true })
  for (const tracker of trackers) {
    expect(await tracker.reserve(ask(3))).toMatchObject({ ok: false, resetsAt: Date.parse('2026-03-11') })
    expect(await tracker.global()).toMatchObject({ pendingUsd: 9 })
  }
  shared.ms += 60_000
  for (const tracker of trackers) expect(await tracker.global()).toMatchObject({ pendingUsd: 0 })
})
