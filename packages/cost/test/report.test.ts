import { expect, test } from 'vitest'
import { spend, trackerOf } from './setup.ts'

async function filled() {
  const { tracker, clock } = trackerOf()
  await spend(tracker, 1, { session: 'a:1', model: 'x', tags: { team: 'red' } })
  await spend(tracker, 2, { session: 'a:2', model: 'y', tags: { team: 'blue', env: 'prod' } })
  clock.to('2026-03-11T12:00:00Z')
  await spend(tracker, 4, { session: 'b:1', model: 'x', tags: { env: 'prod', team: 'blue' } })
  await spend(tracker, 8, { provider: 'q' })
  return tracker
}

const short = (rows: readonly { costUsd: number }[], ...by: string[]) =>
  // The rows have the dimensions that were asked for.
  rows.map((row) => [...by.map((key) => (row as unknown as Record<string, unknown>)[key]), row.costUsd])

test('the bill can be told by any dimensions', async () => {
  const tracker = await filled()
  const by = async (...dimensions: ('agent' | 'session' | 'provider' | 'model' | 'day' | `tag:${string}`)[]) =>
    short((await tracker.report({ by: dimensions })).rows, ...dimensions)
  expect(await by('agent')).toEqual([
    ['', 8],
    ['a', 3],
    ['b', 4],
  ])
  expect(await by('model', 'agent')).toEqual([
    ['m', '', 8],
    ['x', 'a', 1],
    ['x', 'b', 4],
    ['y', 'a', 2],
  ])
  expect(await by('tag:team')).toEqual([
    ['', 8],
    ['blue', 6],
    ['red', 1],
  ])
  expect(await by('day', 'provider')).toEqual([
    ['2026-03-10', 'p', 3],
    ['2026-03-11', 'p', 4],
    ['2026-03-11', 'q', 8],
  ])
  expect(await by('session')).toEqual([
    ['', 8],
    ['a:1', 1],
    ['a:2', 2],
    ['b:1', 4],
  ])
  expect(await by('tag:__proto__')).toEqual([['', 15]])
  expect(await by()).toEqual([[15]])
})

test('days from and to are both included', async () => {
  const tracker = await filled()
  const total = async (from?: string, to?: string) =>
    (
      await tracker.report({
        by: [],
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
      })
    ).total.costUsd
  expect(await total('2026-03-11')).toBe(12)
  expect(await total(undefined, '2026-03-10')).toBe(3)
  expect(await total('2026-03-10', '2026-03-11')).toBe(15)
  expect(await total('2026-03-12')).toBe(0)
  expect(await total('1970-01-01')).toBe(15)
  await expect(total('yesterday')).rejects.toMatchObject({ kind: 'config' })
})

test('a dimension that is none is refused', async () => {
  const { tracker } = trackerOf()
  await spend(tracker, 1)
  // @ts-expect-error there is no such dimension
  await expect(tracker.report({ by: ['user'] })).rejects.toThrow('"user" is no dimension')
})

test('the bill as CSV has amounts in full, quotes, and no formulas', async () => {
  const { tracker } = trackerOf()
  await tracker.record({ session: 'say "hi", twice', costUsd: 0.000000001, usage: { input: 1, output: 2 } })
  await tracker.record({ session: '=HYPERLINK(1)', costUsd: 1234.5 })
  await tracker.record({ session: 'plain', costUsd: 3, pricingSource: 'registry' })
  await tracker.record({ session: 'plain', costUsd: 0, pricingSource: 'fallback' })
  expect((await tracker.report({ by: ['session', 'day'] })).toCSV()).toBe(
    [
      'session,day,costUsd,inputTokens,outputTokens,messages,attempts,unpriced,pricingSources',
      "'=HYPERLINK(1),2026-03-10,1234.5,0,0,1,1,0,provider",
      'plain,2026-03-10,3,0,0,2,2,0,registry fallback',
      '"say ""hi"", twice",2026-03-10,0.000000001,1,2,1,1,0,provider',
      '',
    ].join('\r\n'),
  )
})
