import { expect, test } from 'vitest'
import { tally } from '../src/check/tally.ts'

const tests = {
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  success: true,
  testResults: [],
}
const checks = [{ passed: true }, { passed: true }]
const broken = { status: 'failed', assertionResults: [] }

test.each([
  ['all is well', tests, checks, { passed: 9, failed: 0, skipped: 0 }],
  ['a test failed', { ...tests, numFailedTests: 2, success: false }, checks, { passed: 9, failed: 2, skipped: 0 }],
  [
    'some were left out',
    { ...tests, numPendingTests: 1, numTodoTests: 1 },
    checks,
    { passed: 9, failed: 0, skipped: 2 },
  ],
  [
    'a file was not loaded',
    { ...tests, success: false, testResults: [broken] },
    checks,
    { passed: 9, failed: 1, skipped: 0 },
  ],
  ['something failed outside of tests', { ...tests, success: false }, checks, { passed: 9, failed: 1, skipped: 0 }],
  ['a check failed', tests, [...checks, { passed: false }], { passed: 9, failed: 1, skipped: 0 }],
  ['the tests did not report', undefined, checks, { passed: 2, failed: 1, skipped: 0 }],
  ['the checks did not report', tests, undefined, { passed: 7, failed: 1, skipped: 0 }],
])('when %s, the figures say so', (_, report, outcomes, expected) => {
  expect(tally(JSON.stringify(report), JSON.stringify(outcomes))).toEqual(expected)
})
