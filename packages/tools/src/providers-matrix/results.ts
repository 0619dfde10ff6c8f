/** How one scenario went for one provider. */
export type Outcome =
  | { readonly state: 'passes' | 'fails' | 'no_sample' }
  | { readonly state: 'absent' | 'known_failure'; readonly reason: string }

export interface Scenario {
  readonly name: string
  readonly title: string
  /** By the name of the provider. */
  readonly outcomes: ReadonlyMap<string, Outcome>
}

/**
 * The results of conformance tests in a JSON report of Vitest, in the order of the suite. Other tests are passed over, and
 * files whose path matches `but`.
 */
export function scenarios(report: unknown, but: RegExp): readonly Scenario[] {
  const found = new Map<string, { title: string; outcomes: Map<string, Outcome> }>()
  for (const { title, status } of conformanceTests(report, but)) {
    const [, provider, name, sentence, note] = shape.exec(title) ?? []
    if (provider === undefined || name === undefined || sentence === undefined) continue
    const scenario = found.get(name) ?? { title: sentence, outcomes: new Map<string, Outcome>() }
    scenario.outcomes.set(provider, outcome(status, note))
    found.set(name, scenario)
  }
  return [...found].map(([name, scenario]) => ({ name, ...scenario }))
}

/** `<provider> <scenario>: <sentence>`, and at times why it is skipped or fails, as the suite writes it. */
const shape = /^(\S.*?) ([a-z0-9_]+): (.*?)(?: \(((?:skipped|known failure): .*)\))?$/

function outcome(status: string, note: string | undefined): Outcome {
  const [, kind, reason = ''] = /^(skipped|known failure): (.*)$/.exec(note ?? '') ?? []
  if (status === 'failed') return { state: 'fails' }
  if (kind === 'known failure') return { state: 'known_failure', reason }
  if (kind === undefined) return { state: status === 'passed' ? 'passes' : 'fails' }
  return reason.startsWith('no sample') ? { state: 'no_sample' } : { state: 'absent', reason }
}

interface Report {
  readonly testResults?: readonly {
    readonly name?: string
    readonly assertionResults?: readonly { readonly title?: string; readonly status?: string }[]
  }[]
}

function conformanceTests(
  report: unknown,
  but: RegExp,
): readonly { readonly title: string; readonly status: string }[] {
  const { testResults = [] } = report as Report // Vitest's own form
  return testResults
    .filter(({ name = '' }) => name.endsWith('conformance.test.ts') && !but.test(name))
    .toSorted((a, b) => (a.name ?? '').localeCompare(b.name ?? ''))
    .flatMap(({ assertionResults = [] }) => assertionResults)
    .map(({ title = '', status = '' }) => ({ title, status }))
}
