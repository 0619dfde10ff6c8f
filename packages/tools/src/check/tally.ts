export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** What Vitest's JSON report says, as far as it is counted. */
interface TestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly success: boolean
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[]
}

type CheckReport = readonly { readonly passed: boolean }[]

/** Counts the tests and the checks together. A report that does not exist is one failure. */
export function tally(tests: string | undefined, ...checks: readonly (string | undefined)[]): Tally {
  // Both were written by the programs that ran just before.
  const parts = [
    tests === undefined ? missing : countTests(JSON.parse(tests) as TestReport),
    ...checks.map((report) => (report === undefined ? missing : countChecks(JSON.parse(report) as CheckReport))),
  ]
  const sum = (key: keyof Tally): number => parts.reduce((total, part) => total + part[key], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

const missing: Tally = { passed: 0, failed: 1, skipped: 0 }

function countTests(report: TestReport): Tally {
  // A file that cannot be loaded has no tests that could fail.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  const failed = report.numFailedTests + broken
  return {
    passed: report.numPassedTests,
    // An error outside of every test fails the run and no test.
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

function countChecks(report: CheckReport): Tally {
  const passed = report.filter((step) => step.passed).length
  return { passed, failed: report.length - passed, skipped: 0 }
}
