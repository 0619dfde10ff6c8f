import { expect, test } from 'vitest'
import { page } from '../src/reliability/page.ts'
import { resultsByRow } from '../src/reliability/results.ts'
import { faultRows } from '../src/reliability/rows.ts'

const report = {
  testResults: [
    {
      name: '/somewhere/packages/llm/test/faults/network.test.ts',
      assertionResults: [
        { title: 'N07 ollama: a reset is an error', status: 'passed' },
        { title: 'N07 N08 anthropic: so is an end', status: 'passed' },
        { title: 'N08 google: and here', status: 'failed' },
        { title: 'not a fault N09', status: 'passed' },
        { title: 'N10 elsewhere', status: 'pending' },
      ],
    },
  ],
}

test('there are 159 faults, each with its own id', () => {
  expect(new Set(faultRows.map(({ id }) => id)).size).toBe(159)
})

test('a test counts for every id that its title begins with, and for none that stands later', () => {
  const results = resultsByRow(report)
  expect([...results.keys()].toSorted()).toEqual(['N07', 'N08', 'N10'])
  expect(results.get('N07')).toMatchObject({ passed: 2, failed: 0 })
  expect(results.get('N08')).toMatchObject({ passed: 1, failed: 1 })
})

test('a fault is proven by a passed test and no failed one', () => {
  const text = page(faultRows, resultsByRow(report), [])
  expect(text).toContain('**1 of 159 faults are proven')
  expect(text).toMatch(/\| N07 \|.*\| 2 \| passes \| `packages\/llm\/test\/faults\/network\.test\.ts` \|/)
  expect(text).toMatch(/\| N08 \|.*\| 1 failed \|/)
  expect(text).toMatch(/\| N10 \|.*\| skipped \|/)
  expect(text).toMatch(/\| X07 \|.*\| open \|/)
})
