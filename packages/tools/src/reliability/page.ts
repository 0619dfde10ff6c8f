import type { Figures } from './figures.ts'
import type { RowResult } from './results.ts'
import type { FaultRow } from './rows.ts'

/** The page of what is proven, fault by fault. */
export function page(
  rows: readonly FaultRow[],
  results: ReadonlyMap<string, RowResult>,
  figures: readonly Figures[],
): string {
  const isProven = ({ id }: FaultRow): boolean => {
    const result = results.get(id)
    return result !== undefined && result.passed > 0 && result.failed === 0
  }
  const proven = rows.filter(isProven)
  const open = rows.filter((row) => !isProven(row))
  return [
    '# Reliability',
    '',
    'Made by `pnpm reliability` from a run of the tests: each fault, the tests whose titles begin with its id, and their result.',
    '',
    `**${proven.length} of ${rows.length} faults are proven to end well.** ${open.length === 0 ? '' : `Open: ${open.map(({ id }) => id).join(', ')}.`}`.trim(),
    '',
    ...figures.flatMap(({ title, command, lines }) => [
      `## ${title}`,
      '',
      `\`${command}\``,
      '',
      ...lines.map((line) => `* ${line}`),
      '',
    ]),
    '## Faults',
    '',
    '| id | fault | tests | result | where |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => line(row, results.get(row.id))),
    '',
  ].join('\n')
}

function line({ id, fault }: FaultRow, result: RowResult | undefined): string {
  if (result === undefined) return `| ${id} | ${fault} | | open | |`
  const { passed, failed, skipped, files } = result
  const verdict = failed > 0 ? `${failed} failed` : passed > 0 ? 'passes' : 'skipped'
  const where = [...files].toSorted().map((file) => `\`${file}\``)
  return `| ${id} | ${fault} | ${passed + failed + skipped} | ${verdict} | ${where.join(', ')} |`
}
