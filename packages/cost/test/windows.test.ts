import { describe, expect, test } from 'vitest'
import { Calendars } from '../src/calendar.ts'
import { CostTracker } from '../src/index.ts'
import { long } from './long.ts'
import { ask, cost, FakeClock, milliPerToken, spend, trackerOf } from './setup.ts'

describe('a window ends', () => {
  test.each([
    ['day', 'UTC', '2026-03-10T12:00:00Z', '2026-03-11T00:00:00Z'],
    ['week', 'UTC', '2026-03-10T12:00:00Z', '2026-03-16T00:00:00Z'],
    ['week', 'UTC', '2026-03-15T23:59:59Z', '2026-03-16T00:00:00Z'],
    ['week', 'UTC', '2026-03-16T00:00:00Z', '2026-03-23T00:00:00Z'],
    ['month', 'UTC', '2026-12-31T12:00:00Z', '2027-01-01T00:00:00Z'],
    ['month', 'UTC', '2028-02-29T12:00:00Z', '2028-03-01T00:00:00Z'],
    ['day', 'America/New_York', '2026-03-07T12:00:00Z', '2026-03-08T05:00:00Z'],
    ['day', 'America/New_York', '2026-03-08T12:00:00Z', '2026-03-09T04:00:00Z'],
    ['month', 'America/New_York', '2026-11-01T03:00:00Z', '2026-11-01T04:00:00Z'],
    ['day', 'Asia/Shanghai', '2026-03-10T15:59:59Z', '2026-03-10T16:00:00Z'],
    ['day', 'Asia/Kathmandu', '2026-03-10T18:14:00Z', '2026-03-10T18:15:00Z'],
    ['week', 'Pacific/Kiritimati', '2026-03-15T09:59:59Z', '2026-03-15T10:00:00Z'],
    // Midnight of this day does not exist: clocks go from 23:59 to 01:00.
    ['day', 'Africa/Cairo', '2026-04-23T12:00:00Z', '2026-04-23T22:00:00Z'],
    ['day', 'Africa/Cairo', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z'],
  ] as const)('the %s of %s at %s: %s', async (window, timeZone, now, end) => {
    const { tracker, clock } = trackerOf({ timeZone, limits: { global: { hard: 1, window } } })
    clock.to(now)
    await spend(tracker, 1)
    expect(await tracker.reserve(ask(0.1))).toMatchObject({ ok: false, resetsAt: Date.parse(end) })
    clock.ms = Date.parse(end) - 1
    expect((await tracker.reserve(ask(0.1))).ok).toBe(false)
    clock.to(end)
    expect((await tracker.reserve(ask(1))).ok).toBe(true)
  })
})

test('what was reserved before midnight is charged to the day before', async () => {
  const { tracker, clock } = trackerOf({ limits: { global: { hard: 1, window: 'day' } } })
  clock.to('2026-03-10T23:59:59Z')
  const late = ask(0.9)
  await tracker.reserve(late)
  await tracker.dispatch(late.attemptId)
  clock.to('2026-03-11T00:00:01Z')
  await tracker.settle(late.attemptId, cost(0.9))
  expect((await tracker.reserve(ask(1))).ok).toBe(true)
  expect((await tracker.report({ by: ['day'] })).rows).toMatchObject([{ day: '2026-03-10', costUsd: 0.9 }])
})

test('the week and the month go on when a day ends', async () => {
  const { tracker, clock } = trackerOf({
    limits: { agent: { hard: 1, window: 'week' }, global: { hard: 1.5, window: 'month' } },
  })
  await spend(tracker, 0.6, { session: 'a:1' })
  clock.to('2026-03-12T00:00:00Z')
  expect(await tracker.reserve(ask(0.6, { session: 'a:2' }))).toMatchObject({ ok: false, scope: { kind: 'agent' } })
  clock.to('2026-03-16T00:00:00Z')
  await spend(tracker, 0.6, { session: 'a:2' })
  expect(await tracker.reserve(ask(0.4, { session: 'b:2' }))).toMatchObject({ ok: false, scope: { kind: 'global' } })
  clock.to('2026-04-01T00:00:00Z')
  expect((await tracker.reserve(ask(1, { session: 'b:2' }))).ok).toBe(true)
})

test('a clock that is set back does not open a window again', async () => {
  const { tracker, clock } = trackerOf({ limits: { global: { hard: 1, window: 'day' } } })
  await spend(tracker, 1)
  clock.to('2026-03-09T12:00:00Z')
  expect((await tracker.reserve(ask(0.5))).ok).toBe(false)
})

test('what is spent while a clock is set back counts in the window that was entered', async () => {
  const { tracker, clock } = trackerOf({ limits: { global: { hard: 1, window: 'day' }, session: { hard: 5 } } })
  await spend(tracker, 1)
  clock.to('2026-03-11T00:00:30Z')
  await spend(tracker, 0.4)
  clock.to('2026-03-10T23:59:30Z')
  await spend(tracker, 0.6)
  expect(await tracker.reserve(ask(0.1))).toMatchObject({ ok: false, reason: 'exhausted' })
  clock.to('2026-03-11T12:00:00Z')
  expect((await tracker.reserve(ask(0.1))).ok).toBe(false)
  clock.to('2026-03-12T00:00:00Z')
  expect((await tracker.reserve(ask(1))).ok).toBe(true)
})

test('the wall clock names the window, the steady one ends the lease', async () => {
  const wall = new FakeClock()
  let steady = 0
  const clock = { date: () => wall.date(), now: () => steady }
  const tracker = new CostTracker({ clock, pricing: milliPerToken })
  await tracker.reserve(ask(1, { leaseMs: 1_000 }))
  wall.ms += 1e9
  expect((await tracker.global()).pendingUsd).toBe(1)
  steady = 1_000
  expect((await tracker.global()).pendingUsd).toBe(0)
})

test('a wall clock that is set is followed within a twentieth of a second', async () => {
  const wall = new FakeClock()
  let steady = 0
  const clock = { date: () => wall.date(), now: () => steady }
  const limits = { global: { hard: 1, window: 'day' as const } }
  const tracker = new CostTracker({ clock, limits, pricing: milliPerToken })
  await spend(tracker, 1)
  wall.ms += 86_400_000
  steady += 50
  await spend(tracker, 1)
  expect((await tracker.reserve(ask(0.1))).ok).toBe(false)
})

test('a day begins to the millisecond', async () => {
  let steady = 0
  const clock = { date: () => new Date(Date.parse('2026-03-10T23:59:59.990Z') + steady), now: () => steady }
  const limits = { global: { hard: 1, window: 'day' as const } }
  const tracker = new CostTracker({ clock, limits, pricing: milliPerToken })
  await spend(tracker, 1)
  steady = 9
  expect((await tracker.reserve(ask(0.1))).ok).toBe(false)
  steady = 10
  expect((await tracker.reserve(ask(0.1))).ok).toBe(true)
})

test('a time zone that is none is refused', () => {
  expect(() => new Calendars('Mars/Phobos')).toThrow('"Mars/Phobos" is not a time zone')
})

test('every day begins where the one before ends, in every kind of zone', () => {
  const zones = ['UTC', 'Africa/Cairo', 'Australia/Lord_Howe']
  const more = ['Europe/Berlin', 'America/St_Johns', 'Pacific/Apia']
  for (const zone of long ? [...zones, ...more] : zones) {
    const calendars = new Calendars(zone)
    let at = Date.parse('2026-01-01T12:00:00Z')
    let before = calendars.at(at)
    for (let i = 0; i < 370; i++) {
      at = before.dayEnds
      const day = calendars.at(at)
      expect([zone, day.dayStarts, day.day > before.day]).toEqual([zone, at, true])
      before = day
    }
  }
})
