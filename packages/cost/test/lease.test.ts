import { expect, test } from 'vitest'
import { ask, cost, spend, trackerOf } from './setup.ts'

const limits = { global: { hard: 1 } }

async function lapsed(dispatched: boolean) {
  const setup = trackerOf({ limits })
  const one = ask(0.6, { leaseMs: 1_000, session: 's' })
  await setup.tracker.reserve(one)
  if (dispatched) await setup.tracker.dispatch(one.attemptId)
  setup.clock.ms += 1_000
  return { ...setup, id: one.attemptId }
}

test('a reservation that was never dispatched is freed when its lease ends', async () => {
  const { tracker } = await lapsed(false)
  expect(await tracker.global()).toMatchObject({ costUsd: 0, pendingUsd: 0, attempts: 0 })
})

test('a dispatched one is charged in full, because the vendor will bill it', async () => {
  const { tracker } = await lapsed(true)
  expect(await tracker.global()).toMatchObject({ costUsd: 0.6, pendingUsd: 0, attempts: 1 })
})

test('the next reservation finds the room without anybody asking', async () => {
  const { tracker } = await lapsed(false)
  expect((await tracker.reserve(ask(1))).ok).toBe(true)
})

test('a late settlement corrects what was charged, and counts once', async () => {
  const { tracker, id } = await lapsed(true)
  await tracker.global()
  const usage = { input: 5, cacheRead: 6, cacheWrite: 7, cacheWrite1h: 8, output: 9, reasoning: 3, total: 35 }
  await tracker.settle(id, cost(0.1, { usage }))
  await tracker.settle(id, cost(0.1, { usage }))
  const expected = { costUsd: 0.1, pendingUsd: 0, attempts: 1, messages: 1, inputTokens: 26, outputTokens: 9 }
  expect(await tracker.global()).toMatchObject(expected)
  expect(await tracker.session('s')).toMatchObject(expected)
  expect((await tracker.report({ by: ['day'] })).total).toMatchObject(expected)
})

test('a late settlement of what was freed is posted, once', async () => {
  const { tracker, id } = await lapsed(false)
  await tracker.global()
  await tracker.settle(id, cost(0.1))
  expect(await tracker.global()).toMatchObject({ costUsd: 0.1, attempts: 1 })
})

test('settling twice, after a void, or out of nowhere changes nothing and is counted', async () => {
  const warnings: string[] = []
  const { tracker } = trackerOf({ limits, onWarning: ({ code }) => warnings.push(code) })
  const one = ask(0.5)
  await tracker.reserve(one)
  await tracker.settle(one.attemptId, cost(0.2))
  await tracker.settle(one.attemptId, cost(0.2))
  const other = ask(0.5)
  await tracker.reserve(other)
  await tracker.void(other.attemptId)
  await tracker.settle(other.attemptId, cost(0.5))
  await tracker.settle('nobody', cost(0.5))
  expect(() => tracker.dispatch('nobody')).toThrow('is no more')
  expect(await tracker.global()).toMatchObject({ costUsd: 0.2, pendingUsd: 0 })
  expect(tracker.ignored).toBe(3)
  expect(warnings).toEqual(['unknown_attempt'])
})

test('what outlived its lease unsent is not sent any more: its room may be taken', async () => {
  const { tracker, clock } = trackerOf({ limits: { global: { hard: 1 } } })
  const [slept, awake] = [ask(1, { leaseMs: 1_000 }), ask(1)]
  await tracker.reserve(slept)
  clock.ms += 1_000
  expect((await tracker.reserve(awake)).ok).toBe(true)
  expect(() => tracker.dispatch(slept.attemptId)).toThrow('send nothing')
  await tracker.dispatch(awake.attemptId)
  await tracker.dispatch(awake.attemptId)
})

test('a dispatched reservation cannot be voided', async () => {
  const { tracker } = trackerOf({ limits })
  const one = ask(0.5)
  await tracker.reserve(one)
  await tracker.dispatch(one.attemptId)
  await tracker.void(one.attemptId)
  expect((await tracker.global()).pendingUsd).toBe(0.5)
})

test('an id that is reserved again after its lease is settled once, however often that is told', async () => {
  const { tracker, clock } = trackerOf({ limits })
  const one = ask(0.5, { leaseMs: 1_000 })
  await tracker.reserve(one)
  clock.ms += 1_000
  await tracker.reserve(one)
  await tracker.dispatch(one.attemptId)
  await tracker.settle(one.attemptId, cost(0.3))
  await tracker.settle(one.attemptId, cost(0.3))
  expect(await tracker.global()).toMatchObject({ costUsd: 0.3, pendingUsd: 0, attempts: 1 })
})

test('asking again with the same id is the same reservation', async () => {
  const { tracker } = trackerOf({ limits })
  const one = ask(0.8)
  expect(await tracker.reserve(one)).toEqual(await tracker.reserve(one))
  expect((await tracker.global()).pendingUsd).toBe(0.8)
})

test('leases of many lengths end each in its time', async () => {
  const { tracker, clock } = trackerOf()
  const leases = [5_000, 1_000, 3_000, 2_000, 4_000]
  for (const leaseMs of leases) await tracker.reserve(ask(0.1, { leaseMs }))
  const pending: number[] = []
  for (let i = 0; i < 6; i++) {
    pending.push((await tracker.global()).pendingUsd)
    clock.ms += 1_000
  }
  expect(pending).toEqual([0.5, 0.4, 0.3, 0.2, 0.1, 0])
})

test('an attempt that failed unbilled is counted, not charged, and is no message', async () => {
  const { tracker } = trackerOf({ limits })
  const one = ask(0.5)
  await tracker.reserve(one)
  await tracker.dispatch(one.attemptId)
  await tracker.settle(one.attemptId, cost(0, { message: false, usageSource: 'none' }))
  await spend(tracker, 0.1)
  expect(await tracker.global()).toMatchObject({ costUsd: 0.1, attempts: 2, messages: 1 })
})
