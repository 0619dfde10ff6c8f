import { expect, test } from 'vitest'
import { ask, spend, trackerOf } from './setup.ts'

const limits = {
  global: { hard: 100, window: 'month' as const },
  agents: { support: { soft: 4, hard: 10, window: 'day' as const } },
  session: { soft: 2 },
}

test('what is left is told for each limit that a call would meet', async () => {
  const { tracker } = trackerOf({ limits })
  await spend(tracker, 3, { session: 'support:1' })
  await tracker.reserve(ask(1, { session: 'support:1' }))
  expect(await tracker.left({ session: 'support:1' })).toEqual([
    {
      scope: { kind: 'global' },
      window: 'month',
      hardUsd: 100,
      spentUsd: 3,
      pendingUsd: 1,
      leftUsd: 96,
      resetsAt: new Date('2026-04-01'),
    },
    {
      scope: { kind: 'agent', id: 'support' },
      window: 'day',
      hardUsd: 10,
      softUsd: 4,
      spentUsd: 3,
      pendingUsd: 1,
      leftUsd: 6,
      resetsAt: new Date('2026-03-11'),
    },
    { scope: { kind: 'session', id: 'support:1' }, window: 'total', softUsd: 2, spentUsd: 3, pendingUsd: 1 },
  ])
  expect(await tracker.left()).toMatchObject([{ scope: { kind: 'global' } }])
})

test('a new window has all of its limit again, and one below what is spent has nothing left', async () => {
  const { tracker, clock } = trackerOf({ limits })
  await spend(tracker, 3, { session: 'support:1' })
  tracker.setLimits({ kind: 'global' }, { hard: 1, window: 'month' })
  const lefts = async () => (await tracker.left({ agent: 'support' })).map(({ leftUsd }) => leftUsd)
  expect(await lefts()).toEqual([0, 7])
  clock.to('2026-04-01T00:00:00Z')
  expect(await lefts()).toEqual([1, 10])
})

test('a question that is none is refused', async () => {
  const { tracker } = trackerOf({ limits })
  // @ts-expect-error there is no such scope
  await expect(tracker.left({ user: 'ann' })).rejects.toMatchObject({ kind: 'config' })
})
