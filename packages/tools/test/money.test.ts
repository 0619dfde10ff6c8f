import { expect, test } from 'vitest'
import { page } from '../src/money/page.ts'
import { titlesOf } from '../src/money/titles.ts'

const report = {
  testResults: [
    {
      name: '/somewhere/packages/pricing/test/bills.test.ts',
      assertionResults: [
        { title: 'one: 54399000000 pico-USD', ancestorTitles: ['bills'], status: 'passed' },
        { title: 'two: 2000000000000 pico-USD', ancestorTitles: ['bills'], status: 'failed' },
        { title: 'three', ancestorTitles: ['hours'], status: 'passed' },
        { title: 'four', ancestorTitles: ['bills'], status: 'skipped' },
      ],
    },
  ],
}

test('the page states what was measured, in dollars too, and prints what is missing as missing', () => {
  const bills = titlesOf(report, 'packages/pricing/test/bills.test.ts', 'bills')
  const figures = { title: 'x', command: 'pnpm race --figures', lines: ['0 of 5 samples above'] }
  const measured = [
    { title: 'A race', command: 'pnpm race', figures },
    { title: 'A kill', command: 'pnpm kill', figures: undefined },
  ]
  const text = page({ measured, bills, traps: [], raw: titlesOf(report, 'packages/pricing/test/bills.test.ts') })
  expect(text).toContain('## A race\n\n`pnpm race --figures`\n\n* 0 of 5 samples above\n')
  expect(text).toContain('## A kill\n\n`pnpm kill`\n\n* missing: run the command\n')
  expect(text).toContain('* one: 54,399,000,000 pico-USD ($0.054399)\n* two: 2,000,000,000,000 pico-USD ($2) (FAILS)\n')
  expect(text).toContain('traps.test.ts`\n\n* missing: no result\n')
  expect(text).toContain('* 2 of 3 usage bodies')
})
