import { expect, test } from 'vitest'
import { compare, median } from '../src/compare.ts'
import { outcomes } from '../src/row.ts'
import { table } from '../src/table.ts'

test('a goal is met up to its bound, out of reach where the least misses it, and left out where nothing was measured', () => {
  const row = {
    title: 'a title',
    unit: 'ns',
    figures: { ours: 15, floor: 10, bare: 12 },
    goals: [
      { to: 'floor', atMost: 1.5 },
      { to: 'floor', atMost: 1.4 },
      { to: 'floor', atMost: 1.1 },
      { to: 'a peer', atMost: 1 },
      { atMost: 9 },
    ],
    least: 'bare',
  }
  expect(outcomes([row]).map(({ value, least, fate }) => [value, least, fate])).toEqual([
    [1.5, 1.2, 'met'],
    [1.5, 1.2, 'missed'],
    [1.5, 1.2, 'out of reach'],
    [15, 12, 'out of reach'],
  ])
  expect(outcomes([{ ...row, least: 'a peer' }]).map(({ fate }) => fate)).toEqual(['met', 'missed', 'missed', 'missed'])
  expect(table({ name: 'P0', node: 'v0', rows: [row], notes: ['a note'] })).toBe(`P0 on Node v0
  a title, ns: ours 15.0, floor 10.0, bare 12.0
    met          ours / floor 1.50, at most 1.5
    missed       ours / floor 1.50, at most 1.4, and bare 1.20
    out of reach ours / floor 1.50, at most 1.1, and bare 1.20
    out of reach ours 15.0 ns, at most 9, and bare 12.0
  (a note)`)
})

test('the median of an even number is between the two in the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5])
})

test('every case is measured in every round, after a first time that does not count', async () => {
  const calls: string[] = []
  const work = (name: string) => () => {
    calls.push(name)
    let sum = 0
    for (let i = 0; i < 100_000; i++) sum += Math.sqrt(i)
    return sum > 0 ? 1 : 2
  }
  const figures = await compare({ one: work('one'), other: work('other') }, { rounds: 3, roundMs: 0 })
  expect(Object.keys(figures)).toEqual(['one', 'other'])
  expect(calls.join(' ')).toBe('one other one other other one one other')
})
