export interface RowResult {
  passed: number
  failed: number
  skipped: number
  /** Test files, from the top of the repository. */
  readonly files: Set<string>
}

/** The part of Vitest's JSON report that is read. */
interface TestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
  }[]
}

const leadingIds = /^(?:[NHSJPTBCDRX]\d\d[\s,]+)+/

/** A test belongs to the rows whose ids its title begins with: `T05 T06 ...`. */
export function resultsByRow(report: unknown): ReadonlyMap<string, RowResult> {
  const rows = new Map<string, RowResult>()
  for (const { name, assertionResults } of (report as TestReport).testResults) {
    const file = name.slice(name.lastIndexOf('/packages/') + 1)
    for (const { title, status } of assertionResults) {
      const ids = leadingIds.exec(`${title} `)?.[0].match(/[A-Z]\d\d/g) ?? []
      for (const id of ids) {
        const row: RowResult = rows.get(id) ?? { passed: 0, failed: 0, skipped: 0, files: new Set() }
        rows.set(id, row)
        row.files.add(file)
        if (status === 'passed') row.passed++
        else if (status === 'failed') row.failed++
        else row.skipped++
      }
    }
  }
  return rows
}
