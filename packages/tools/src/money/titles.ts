/** A test as a report of Vitest tells of it. */
export interface Told {
  readonly title: string
  readonly passed: boolean
}

interface TestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly {
      readonly title: string
      readonly ancestorTitles: readonly string[]
      readonly status: string
    }[]
  }[]
}

/** The tests of one file, of one `describe` if it is named, in their order. */
export function titlesOf(report: unknown, file: string, group?: string): readonly Told[] {
  return (report as TestReport).testResults // written by Vitest
    .filter(({ name }) => name.replaceAll('\\', '/').endsWith(`/${file}`))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(
      ({ ancestorTitles, status }) => status !== 'skipped' && (group === undefined || ancestorTitles[0] === group),
    )
    .map(({ title, ancestorTitles, status }) => ({
      title: group === undefined ? [...ancestorTitles, title].join(': ') : title,
      passed: status === 'passed',
    }))
}
