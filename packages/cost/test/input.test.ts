import { describe, expect, test } from 'vitest'
import { CostConfigError, CostTracker, type CostTrackerOptions } from '../src/index.ts'
import { ask, milliPerToken, providerRequest, trackerOf } from './setup.ts'

async function problem(run: () => unknown): Promise<string> {
  const error: unknown = await (async () => run())().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(CostConfigError)
  return (error as Error).message
}

const tagsOf = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, i) => [`tag-${i}`, 'x']))

describe('options of a tracker that cannot be right are refused', () => {
  test.each<[string, unknown, string]>([
    ['null', null, 'the options of the tracker is null'],
    ['an unknown name', { limit: {} }, 'the tracker has no "limit" (did you mean "limits"?)'],
    ['a misspelt way', { onBudget: 'rejct' }, 'onBudget is "rejct" (did you mean "reject"?)'],
    ['a text for a flag', { allowUnpriced: 'yes' }, 'allowUnpriced is not a boolean'],
    ['a number for a zone', { timeZone: 5 }, 'timeZone is not a string'],
    ['no counter', { countTokens: 4 }, 'countTokens is not a function'],
    ['no listener', { onWarning: true }, 'onWarning is not a function'],
    ['a default of no tokens', { maxOutputTokens: 0 }, 'maxOutputTokens is not a whole number above zero'],
  ])('%s', async (_, options, message) => {
    expect(await problem(() => new CostTracker(options as CostTrackerOptions))).toContain(message)
  })
})

describe('questions that cannot be right are refused', () => {
  // What a caller without types may write.
  type Loose = { [method in 'record' | 'report' | 'check']: (input?: unknown) => Promise<unknown> }
  test.each<[string, (tracker: Loose) => unknown, string]>([
    ['no spend', (t) => t.record(), 'the spend is undefined, not an object'],
    ['no amount', (t) => t.record({ session: 's' }), 'costUsd is not an amount'],
    ['a text as amount', (t) => t.record({ session: 's', costUsd: '1' }), 'costUsd is not an amount'],
    ['an unknown name', (t) => t.record({ costUsd: 1, sesion: 's' }), 'has no "sesion" (did you mean "session"?)'],
    ['a number as session', (t) => t.record({ costUsd: 1, session: 5 }), 'session of the spend is 5'],
    ['a number as tag', (t) => t.record({ costUsd: 1, tags: { team: 5 } }), 'tag "team" of the spend is 5'],
    ['a list as tags', (t) => t.record({ costUsd: 1, tags: ['team'] }), 'tags of the spend is a list'],
    ['too many tags', (t) => t.record({ costUsd: 1, tags: tagsOf(101) }), 'tags of the spend are more than 100'],
    ['null as usage', (t) => t.record({ costUsd: 1, usage: null }), 'usage of the spend is null'],
    ['a text as usage', (t) => t.record({ costUsd: 1, usage: { input: '5' } }), 'usage.input of the spend'],
    ['a report of nothing', (t) => t.report(), 'the options of a report is undefined'],
    ['a report without dimensions', (t) => t.report({}), 'by is not a list'],
    ['a dimension that is none', (t) => t.report({ by: [5] }), '"5" is no dimension'],
    ['a text as date', (t) => t.report({ by: ['day'], from: '2026-01-01' }), 'from is not a Date'],
    ['an unknown name in a report', (t) => t.report({ by: [], until: 1 }), 'a report has no "until"'],
    ['no session', (t) => t.check(), 'the session to check is undefined'],
  ])('%s', async (_, run, message) => {
    expect(await problem(() => run(trackerOf().tracker as unknown as Loose))).toContain(message)
  })
})

test('spend without a session counts for its agent and its tags, and meets their limits', async () => {
  const { tracker } = trackerOf({ limits: { agents: { support: { hard: 2 } }, tags: { team: { red: { hard: 3 } } } } })
  expect(await tracker.record({ costUsd: 1, agent: 'support', tags: { team: 'red' } })).toBe(true)
  expect(await tracker.record({ costUsd: 1, agent: 'support' })).toBe(false)
  expect(await tracker.record({ costUsd: 2, tags: { team: 'red' } })).toBe(false)
  expect(await tracker.record({ costUsd: 2, tags: { team: 'blue' } })).toBe(true)
  const { rows } = await tracker.report({ by: ['agent', 'tag:team'] })
  expect(rows.map((row) => [row.agent, row['tag:team'], row.costUsd])).toEqual([
    ['', 'blue', 2],
    ['', 'red', 2],
    ['support', '', 1],
    ['support', 'red', 1],
  ])
})

test('the agent that is given goes before the one in the name of the session', async () => {
  const { tracker } = trackerOf()
  await tracker.record({ session: 'web:1', agent: 'support', costUsd: 1 })
  expect(await tracker.session('web:1')).toMatchObject({ agent: 'support', costUsd: 1 })
})

test('a tracker without prices keeps its limits by those that it adopts first', async () => {
  const tracker = new CostTracker({ limits: { global: { hard: 1 } } })
  const mystery = () => ask(0.5)
  expect(await tracker.reserve(mystery())).toMatchObject({ ok: false, reason: 'unpriced' })
  tracker.adoptPricing(milliPerToken)
  tracker.adoptPricing({ price: () => ({ priced: false, source: 'unknown' }) })
  expect(await tracker.reserve(mystery())).toMatchObject({ ok: true, amountUsd: 0.5 })
})

test('a picture is reserved for as what the dearest vendor makes of it', async () => {
  const bounds: number[] = []
  const tracker = new CostTracker({
    limits: { global: { hard: 1 } },
    pricing: {
      price: (call) => milliPerToken.price(call),
      bounds: ({ inputTokens }) => {
        bounds.push(inputTokens ?? 0)
        return { minUsd: 0, maxUsd: 0.1 }
      },
    },
  })
  const file = { type: 'file' as const, mediaType: 'image/png', data: new Uint8Array(3) }
  await tracker.reserve(
    ask(0.1, { request: providerRequest({ maxOutputTokens: 1, messages: [{ role: 'user', content: [file] }] }) }),
  )
  expect(Math.min(...bounds)).toBeGreaterThan(36_900)
})
