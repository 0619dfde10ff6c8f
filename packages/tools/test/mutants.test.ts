import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callMutants } from '../src/mutants/calls.ts'
import { failureMutants } from '../src/mutants/failures.ts'
import { moneyMutants } from '../src/mutants/money.ts'
import { of, plant } from '../src/mutants/mutant.ts'
import { root } from '../src/workspace/read.ts'

const [mutant] = of('a.ts', ['less is more', 'a < b', 'a > b'])

test('a mutant is planted at its place, whatever stands there', () => {
  expect(plant('if (a < b) x', mutant!)).toBe('if (a > b) x')
  const [money] = of('a.ts', ['a price', 'price', "'$&'"])
  expect(plant('the price', money!)).toBe("the '$&'")
})

test.each([
  ['gone', 'if (b > a) x', 0],
  ['there twice', 'if (a < b || a < b) x', 2],
])('a mutant whose place is %s is stale, and is named', (_, text, places) => {
  expect(() => plant(text, mutant!)).toThrow(
    `the mutant "less is more" is stale: its place occurs ${places} times in a.ts`,
  )
})

test('every mutant has its place in the sources', () => {
  const all = [...callMutants, ...failureMutants, ...moneyMutants]
  for (const one of all) plant(readFileSync(join(root, one.file), 'utf8'), one)
  expect(all.length).toBeGreaterThan(100)
})

test('every mutant has a name of its own and changes something', () => {
  const all = [...callMutants, ...failureMutants, ...moneyMutants]
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  expect(all.filter(({ from, to }) => from === to)).toEqual([])
  expect(all.length).toBeGreaterThan(40)
})
