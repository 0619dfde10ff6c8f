import { describe, expect, test } from 'vitest'
import { CostTracker, MemoryStore } from '../src/index.ts'
import { order, posting } from '../src/testing/orders.ts'
import { ask, cost, FakeClock, milliPerToken, spend, trackerOf } from './setup.ts'

test('a session that nobody knows has spent nothing', async () => {
  const { tracker } = trackerOf()
  expect(await tracker.session('support:1')).toEqual({
    session: 'support:1',
    agent: 'support',
    costUsd: 0,
    pendingUsd: 0,
    inputTokens: 0,
    outputTokens: 0,
    messages: 0,
    attempts: 0,
    unpriced: 0,
    pricingSources: [],
  })
})

test.each([
  ['support:web:42', undefined, 'support'],
  ['support:web:42', 'sales', 'sales'],
  ['alone', undefined, ''],
  [':odd', undefined, ''],
])('the agent of session %s, called by %s, is "%s"', async (session, agent, expected) => {
  const { tracker } = trackerOf()
  await spend(tracker, 1, agent === undefined ? { session } : { session, agent })
  expect((await tracker.session(session)).agent).toBe(expected)
  expect((await tracker.agents()).map((one) => one.agent)).toEqual(expected === '' ? [] : [expected])
})

test('agents know how many sessions they have', async () => {
  const { tracker } = trackerOf()
  for (const session of ['a:1', 'a:2', 'b:1', 'a:1']) await spend(tracker, 1, { session })
  await tracker.forget('b:1')
  expect((await tracker.agents()).map(({ agent, sessions, costUsd }) => [agent, sessions, costUsd])).toEqual([
    ['a', 2, 3],
    ['b', 0, 1],
  ])
})

describe('record', () => {
  test('posts spend from elsewhere, and says whether the limits still hold', async () => {
    const { tracker } = trackerOf({ limits: { session: { hard: 1 } } })
    const usage = { input: 3, cacheRead: 2, output: 1 }
    expect(
      await tracker.record({
        session: 'a:1',
        costUsd: 0.9,
        usage,
        provider: 'p',
        model: 'm',
        pricingSource: 'registry',
      }),
    ).toBe(true)
    expect(await tracker.record({ session: 'a:1', costUsd: 0.1 })).toBe(false)
    expect(await tracker.session('a:1')).toMatchObject({
      agent: 'a',
      costUsd: 1,
      inputTokens: 5,
      outputTokens: 1,
      messages: 2,
      pricingSources: ['provider', 'registry'],
    })
    expect((await tracker.report({ by: ['model'] })).rows.map(({ model, costUsd }) => [model, costUsd])).toEqual([
      ['', 0.1],
      ['m', 0.9],
    ])
  })
  test.each([-1, NaN, Infinity])('refuses an amount of %d', async (costUsd) => {
    await expect(trackerOf().tracker.record({ session: 's', costUsd })).rejects.toMatchObject({ kind: 'config' })
  })
})

test('check tells how a session stands against every limit that its calls meet', async () => {
  const { tracker } = trackerOf({ limits: { session: { soft: 1, hard: 2 }, agent: { hard: 3 } } })
  const states = [await tracker.check('a:1')]
  for (const session of ['a:1', 'a:1', 'a:2']) {
    await spend(tracker, 1, { session })
    states.push(await tracker.check('a:1'))
  }
  expect(states).toEqual(['within', 'soft_exceeded', 'hard_exceeded', 'hard_exceeded'])
  expect(await tracker.check('a:3')).toBe('hard_exceeded')
  expect(await tracker.check('b:1')).toBe('within')
})

describe('sessions', () => {
  test('come in pages, each once, in the order of their first use', async () => {
    const { tracker } = trackerOf()
    const names = Array.from({ length: 25 }, (_, i) => `s${i}`)
    for (const session of names) await tracker.record({ session, costUsd: 1 })
    const seen: string[] = []
    const sizes: number[] = []
    let after: string | undefined
    do {
      const page = await tracker.sessions({ limit: 10, after })
      seen.push(...page.sessions.map(({ session }) => session))
      sizes.push(page.sessions.length)
      after = page.next
    } while (after !== undefined)
    expect(seen).toEqual(names)
    expect(sizes).toEqual([10, 10, 5])
  })
  test('a page that ends with the last session has no next', async () => {
    const { tracker } = trackerOf()
    await tracker.record({ session: 's', costUsd: 1 })
    expect(Object.keys(await tracker.sessions({ limit: 1 }))).toEqual(['sessions'])
    await expect(tracker.sessions({ limit: 0 })).rejects.toMatchObject({ kind: 'config' })
  })
  test('going on after a session that was forgotten meanwhile leaves none out', async () => {
    const { tracker } = trackerOf()
    for (const session of ['a', 'b', 'c']) await tracker.record({ session, costUsd: 1 })
    const { next } = await tracker.sessions({ limit: 2 })
    await tracker.forget('b')
    expect((await tracker.sessions({ after: next })).sessions.map(({ session }) => session)).toEqual(['c'])
  })
})

describe('forget', () => {
  test('takes the name away and leaves the money', async () => {
    const { tracker } = trackerOf()
    await spend(tracker, 1, { session: 'a:1' })
    await spend(tracker, 2, { session: 'a:2' })
    await tracker.forget('a:1')
    expect((await tracker.session('a:1')).costUsd).toBe(0)
    expect((await tracker.global()).costUsd).toBe(3)
    const { rows, total } = await tracker.report({ by: ['session', 'agent'] })
    expect(rows).toMatchObject([
      { session: '', agent: 'a', costUsd: 1 },
      { session: 'a:2', agent: 'a', costUsd: 2 },
    ])
    expect(total.costUsd).toBe(3)
  })
  test('holds for calls that are under way', async () => {
    const { tracker } = trackerOf()
    const one = ask(1, { session: 'a:1' })
    await tracker.reserve(one)
    await tracker.forget('a:1')
    await tracker.settle(one.attemptId, cost(1))
    expect((await tracker.report({ by: ['session'] })).rows).toMatchObject([{ session: '', costUsd: 1 }])
    expect((await tracker.sessions()).sessions).toEqual([])
    expect((await tracker.global()).costUsd).toBe(1)
  })
})

test('a call counts in the scopes that it had when it was reserved', () => {
  const store = new MemoryStore()
  const tags: { [tag: string]: string } = { team: 'red' }
  const call = { session: 's', provider: 'p', model: 'm', tags }
  const spent = (kind: 'model' | 'tag', id: string): number | undefined =>
    store.figures(kind === 'tag' ? { kind, tag: 'team', id } : { kind, id })?.posted
  const reserve = (id: string): void => void store.reserve(order(id, 1, { call }))
  const settle = (id: string): void => void store.settle(id, posting(1))
  for (const id of ['1', '2']) {
    reserve(id)
    settle(id)
  }
  reserve('3')
  tags['team'] = 'blue'
  settle('3')
  reserve('4')
  call.model = 'n'
  settle('4')
  reserve('5')
  settle('5')
  expect([spent('tag', 'red'), spent('tag', 'blue'), spent('model', 'p/m'), spent('model', 'p/n')]).toEqual([
    3, 2, 4, 1,
  ])
  expect(store.rows('0000', '9999').map((row) => [row.call.model, row.call.tags?.['team'], row.posted])).toEqual([
    ['m', 'red', 3],
    ['m', 'blue', 1],
    ['n', 'blue', 1],
  ])
})

describe('memory stays flat', () => {
  const trackerWith = (options: { maxSessions?: number; maxRows?: number }) => {
    const clock = new FakeClock()
    return {
      clock,
      tracker: new CostTracker({ clock, pricing: milliPerToken, store: new MemoryStore({ clock, ...options }) }),
    }
  }

  test('the session that was idle longest is forgotten; its money stays', async () => {
    const { tracker } = trackerWith({ maxSessions: 10 })
    for (let i = 0; i < 100; i++) {
      await spend(tracker, 1, { session: `a:${i}` })
      await spend(tracker, 1, { session: 'a:0' })
    }
    const { sessions } = await tracker.sessions()
    expect(sessions.map(({ session }) => session)).toHaveLength(10)
    expect(sessions.find(({ session }) => session === 'a:0')).toMatchObject({ costUsd: 101 })
    expect(await tracker.agents()).toMatchObject([{ agent: 'a', costUsd: 200, sessions: 10 }])
  })

  test('an agent that was forgotten and comes back counts anew, for sessions that are known, too', async () => {
    const { tracker } = trackerWith({ maxSessions: 3 })
    for (let i = 0; i < 3; i++) await spend(tracker, 1, { session: 's', agent: 'a' })
    for (let i = 0; i < 10; i++) await spend(tracker, 1, { agent: `b${i}` })
    await spend(tracker, 1, { session: 's', agent: 'a' })
    const agents = await tracker.agents()
    expect(agents.find(({ agent }) => agent === 'a')).toMatchObject({ costUsd: 1 })
    expect((await tracker.session('s')).costUsd).toBe(4)
  })

  test('a session with money pending is never forgotten', async () => {
    const { tracker } = trackerWith({ maxSessions: 5 })
    const held = Array.from({ length: 20 }, (_, i) => ask(1, { session: `s${i}` }))
    for (const one of held) await tracker.reserve(one)
    expect((await tracker.sessions()).sessions).toHaveLength(20)
    for (const one of held) await tracker.settle(one.attemptId, cost(1))
    expect((await tracker.session('s0')).costUsd).toBe(1)
  })

  test('rows lose detail, never money', async () => {
    const { tracker, clock } = trackerWith({ maxRows: 20 })
    for (let i = 0; i < 300; i++) {
      if (i % 30 === 0) clock.ms += 86_400_000
      await spend(tracker, 1, { session: `a:${i % 60}`, model: `m${i % 50}` })
      await spend(tracker, 1, { model: `m${i % 3}`, tags: { team: `${i % 7}` } })
    }
    const { rows, total } = await tracker.report({ by: ['day', 'session', 'model', 'tag:team'] })
    expect(total).toMatchObject({ costUsd: 600, attempts: 600 })
    expect(rows.length).toBeLessThanOrEqual(30)
    expect(rows.reduce((sum, row) => sum + row.costUsd, 0)).toBe(600)
    const days = await tracker.report({ by: ['day'] })
    expect(days.rows.map(({ costUsd }) => costUsd)).toEqual(Array.from({ length: 10 }, () => 60))
  })
})
