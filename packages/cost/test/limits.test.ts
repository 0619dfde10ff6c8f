import { describe, expect, test } from 'vitest'
import type { Scope } from '@wayfare/core'
import { CostConfigError, type CostWarning, type Limits, type LimitSettings } from '../src/index.ts'
import { ask, trackerOf } from './setup.ts'

describe('limits that cannot be right are refused at once', () => {
  test.each<[string, unknown, string]>([
    ['a negative amount', { global: { hard: -1 } }, 'limits.global: hard is not a number from 0 to 9,000,000 (USD)'],
    ['no number', { session: { soft: NaN } }, 'limits.session: soft is not a number'],
    ['an infinite amount', { agents: { a: { hard: Infinity } } }, 'limits.agents["a"]: hard is not a number'],
    ['a text', { tags: { team: { red: { hard: '3' } } } }, 'limits.tags["team"]["red"]: hard is not a number'],
    [
      'a window that is none',
      { global: { hard: 1, window: 'wek' } },
      'limits.global.window is "wek" (did you mean "week"?); use total, day, week, month',
    ],
    ['an amount instead of limits', 5, 'limits is 5, not an object'],
    ['null instead of limits', null, 'limits is null, not an object'],
    ['a list instead of limits', [], 'limits is a list, not an object'],
    [
      'an amount instead of a limit',
      { session: 1e-6 },
      'limits.session is 0.000001, not an object; a limit looks like',
    ],
    ['null instead of a limit', { session: null }, 'limits.session is null'],
    ['null instead of limits by name', { sessions: null }, 'limits.sessions is null'],
    [
      'one limit instead of limits by name',
      { agents: { hard: 1 } },
      'limits.agents["hard"] is 1, not an object; limits.agents holds limits by name',
    ],
    ['null inside of an agent', { agents: { a: { session: null } } }, 'limits.agents["a"].session is null'],
    ['one limit instead of the values of a tag', { tags: { team: { hard: 1 } } }, 'limits.tags["team"]["hard"] is 1'],
    ['an amount instead of the values of a tag', { tags: { team: 1 } }, 'limits.tags["team"] is 1'],
    ['a map', { sessions: new Map() }, 'limits.sessions is an object of a class'],
    ['a soft limit above the hard one', { global: { soft: 5, hard: 1 } }, 'limits.global has soft 5 above hard 1'],
    ['a model without its provider', { models: { gpt: { hard: 1 } } }, 'the model "gpt"; name it with its provider'],
    ['a kind that is none', { sesion: { hard: 1 } }, 'limits has no "sesion" (did you mean "session"?)'],
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

  test.each<[string, unknown, unknown, string]>([
    ['an unknown kind', { kind: 'agnet', id: 'a' }, { hard: 1 }, 'is "agnet" (did you mean "agent"?)'],
    ['no kind', {}, { hard: 1 }, 'the kind of the scope is undefined'],
    ['no scope', undefined, { hard: 1 }, 'the scope is undefined, not an object'],
    ['no id', { kind: 'session' }, { hard: 1 }, 'the id of the session is undefined'],
    ['an empty id', { kind: 'session', id: '' }, { hard: 1 }, 'the id of the session is empty'],
    ['a tag without a name', { kind: 'tag', id: 'red' }, { hard: 1 }, 'the tag of the scope is undefined'],
    ['a model without its provider', { kind: 'model', id: 'gpt' }, { hard: 1 }, 'as PROVIDER/MODEL'],
    ['an amount', { kind: 'global' }, 5, 'the global limit is 5, not an object'],
    ['null', { kind: 'global' }, null, 'the global limit is null'],
    ['a misspelt figure', { kind: 'global' }, { hrad: 1 }, 'has no "hrad" (did you mean "hard"?)'],
  ])('later, %s', (_, scope, limits, message) => {
    const { tracker } = trackerOf()
    const set = () => tracker.setLimits(scope as Scope, limits as Limits)
    expect(set).toThrow(CostConfigError)
    expect(set).toThrow(message)
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

test('a call that names no session where each one is limited passes the limit by, and says so once', async () => {
  const warnings: string[] = []
  const limits = { session: { hard: 1 }, agent: { hard: 1 } }
  const { tracker } = trackerOf({ limits, onWarning: ({ code, message }) => warnings.push(`${code}: ${message}`) })
  expect(await tracker.reserve(ask(0.1, { attemptId: 'a', session: 'support:1' }))).toMatchObject({ ok: true })
  expect(warnings).toEqual([])
  for (const id of ['b', 'c'])
    expect(await tracker.reserve(ask(0.1, { attemptId: id, agent: 'support' }))).toMatchObject({
      ok: true,
    })
  expect(await tracker.reserve(ask(0.1, { attemptId: 'd', session: 'own' }))).toMatchObject({ ok: true })
  expect(warnings).toEqual([
    'limit_passed_by: limits.session does not count a call that names no session; let calls name one, or set limits.global',
    'limit_passed_by: limits.agent does not count a call that names no agent; let calls name one, or set limits.global',
  ])
})

test.each<[string, (warning: CostWarning) => void]>([
  ['throws', ({ code }) => void JSON.parse(code)],
  // oxlint-disable-next-line typescript/no-misused-promises -- what a user without a linter writes
  ['rejects', async ({ code }) => void JSON.parse(code)],
])('who hears of warnings and %s disturbs no call', async (_, onWarning) => {
  const { tracker } = trackerOf({ limits: { session: { hard: 1 } }, onWarning })
  expect(await tracker.reserve(ask(0.1, { attemptId: 'a' }))).toMatchObject({ ok: true })
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
