import { describe, expect, test } from 'vitest'
import { CostConfigError, type LimitSettings } from '../src/index.ts'
import { trackerOf } from './setup.ts'

describe('limits that cannot be right are refused at once', () => {
  test.each<[string, unknown, string]>([
    ['a negative amount', { global: { hard: -1 } }, 'limits.global is not an amount'],
    ['no number', { session: { soft: NaN } }, 'limits.session is not an amount'],
    ['an infinite amount', { agents: { a: { hard: Infinity } } }, 'limits.agents["a"] is not an amount'],
    ['a text', { tags: { team: { red: { hard: '3' } } } }, 'limits.tags["team"]["red"] is not an amount'],
    [
      'a window that is none',
      { global: { hard: 1, window: 'hour' } },
      'the window "hour"; use total, day, week, month',
    ],
    ['a kind that is none', { sesion: { hard: 1 } }, 'limits has no "sesion"'],
    ['a figure that belongs elsewhere', { global: { session: { hard: 1 } } }, 'limits.global has no "session"'],
    ['a figure that is none', { agents: { a: { session: { max: 1 } } } }, 'limits.agents["a"].session has no "max"'],
  ])('%s', (_, limits, message) => {
    const make = () => trackerOf({ limits: limits as LimitSettings })
    expect(make).toThrow(CostConfigError)
    expect(make).toThrow(message)
  })

  test('and later, too', () => {
    const { tracker } = trackerOf()
    expect(() => tracker.setLimits({ kind: 'tag', tag: 'team', id: 'red' }, { hard: -1 })).toThrow(
      'the limit of tag team "red"',
    )
    expect(tracker.limits.tags).toEqual({})
  })

  test('their error is one of core in every way that core asks', () => {
    const error = new CostConfigError('x')
    expect(error).toMatchObject({ kind: 'config', isLLMError: true, retryable: false, billed: 'no', attempts: [] })
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ kind: 'config', message: 'x' })
  })
})

test('zero means no limit, and says so once', async () => {
  const warnings: string[] = []
  const { tracker } = trackerOf({
    limits: { global: { hard: 0, soft: 0 } },
    onWarning: ({ message }) => warnings.push(message),
  })
  tracker.setLimits({ kind: 'global' }, { hard: 0 })
  tracker.setLimits({ kind: 'global' }, { hard: 0 })
  expect(warnings).toEqual([
    'limits.global is 0, which means no limit; leave it out, or use a small amount',
    'the global limit is 0, which means no limit; leave it out, or use a small amount',
  ])
})

test('limits read back as they were written and set', () => {
  const limits: LimitSettings = {
    global: { hard: 5, window: 'month' },
    agents: { a: { hard: 2, session: { soft: 1 } }, b: { session: { hard: 1 } } },
    tags: { team: { red: { hard: 3 } } },
  }
  const { tracker } = trackerOf({ limits })
  tracker.setLimits({ kind: 'agent', id: 'a' }, { hard: 3, window: 'day' })
  tracker.setLimits({ kind: 'model', id: 'p/m' }, { hard: 4 })
  tracker.setLimits({ kind: 'session', id: 's' }, { soft: 1 })
  tracker.setLimits({ kind: 'tag', tag: 'team', id: 'red' }, undefined)
  expect(tracker.limits).toEqual({
    global: { hard: 5, window: 'month' },
    agents: { a: { hard: 3, window: 'day', session: { soft: 1 } }, b: { session: { hard: 1 } } },
    models: { 'p/m': { hard: 4 } },
    providers: {},
    sessions: { s: { soft: 1 } },
    tags: { team: {} },
    agent: undefined,
    session: undefined,
  })
})
