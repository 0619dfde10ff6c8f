import type { Outcome, Scenario } from './results.ts'

/** One row for each scenario, one column for each provider, and below it the reasons why something is missing. */
export function table(scenarios: readonly Scenario[]): string {
  const providers = [...new Set(scenarios.flatMap(({ outcomes }) => [...outcomes.keys()]))].toSorted()
  const notes = new Map<string, number>()
  const cell = (outcome: Outcome | undefined): string => {
    if (outcome === undefined) return ''
    if (outcome.state !== 'absent' && outcome.state !== 'known_failure') return marks[outcome.state]
    const note = notes.get(outcome.reason) ?? notes.size + 1
    notes.set(outcome.reason, note)
    return `${marks[outcome.state]} ${note}`
  }
  const rows = scenarios.map(
    ({ title, outcomes }) => `| ${title} | ${providers.map((provider) => cell(outcomes.get(provider))).join(' | ')} |`,
  )
  return [
    `| | ${providers.join(' | ')} |`,
    `| --- |${' :-: |'.repeat(providers.length)}`,
    ...rows,
    '',
    '✓ passes, – the vendor does not have it, ? nobody has written a sample yet, ✗ fails, (✗) is known to fail.',
    '',
    ...[...notes].map(([reason, note]) => `${note}. ${reason}`),
  ].join('\n')
}

const marks = { passes: '✓', fails: '✗', no_sample: '?', absent: '–', known_failure: '(✗)' } as const

const begin = '<!-- made by `pnpm providers` -->'
const end = '<!-- until here -->'

/** The page with the table in its place. Throws an Error for a page that has no place for it. */
export function withTable(page: string, made: string): string {
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from === -1 || to < from) throw new Error(`the page has no place for the table: ${begin} and ${end}`)
  return `${page.slice(0, from + begin.length)}\n\n${made}\n\n${page.slice(to)}`
}
