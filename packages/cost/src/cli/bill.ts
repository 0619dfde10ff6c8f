import { openAt } from '../open/open.ts'
import type { CostReport, Dimension } from '../report.ts'
import type { Spend } from '../spend.ts'
import { CostTracker } from '../tracker.ts'
import type { BillRequest } from './command.ts'

/** The bill that is asked for, as it is printed. Clients are those of the project in `folder`. */
export async function bill({ address, prefix, by, from, to, as }: BillRequest, folder: string): Promise<string> {
  const opened = await openAt(address, { from: folder, prefix }, false)
  try {
    const report = await new CostTracker({ store: opened.store }).report({ by, from, to })
    if (as === 'csv') return report.toCSV()
    return as === 'json' ? `${JSON.stringify(report, undefined, 2)}\n` : table(by, report)
  } finally {
    await opened.close()
  }
}

const figures: readonly (readonly [string, (spend: Spend) => string])[] = [
  ['USD', ({ costUsd }) => costUsd.toFixed(6)],
  ['input', ({ inputTokens }) => inputTokens.toLocaleString('en-US')],
  ['output', ({ outputTokens }) => outputTokens.toLocaleString('en-US')],
  ['answers', ({ messages }) => messages.toLocaleString('en-US')],
  ['attempts', ({ attempts }) => attempts.toLocaleString('en-US')],
  ['unpriced', ({ unpriced }) => unpriced.toLocaleString('en-US')],
]

/** The dearest first; names to the left, figures to the right. */
function table(by: readonly Dimension[], { rows, total }: CostReport<Dimension>): string {
  const line = (names: readonly string[], spend: Spend): readonly string[] => [
    ...names,
    ...figures.map(([, read]) => read(spend)),
  ]
  const dearest = rows.toSorted((a, b) => b.costUsd - a.costUsd)
  const lines = [
    [...by, ...figures.map(([title]) => title)],
    ...dearest.map((row) =>
      line(
        by.map((name) => shown(row[name] ?? '')),
        row,
      ),
    ),
    line(
      by.map((_, i) => (i === 0 ? 'total' : '')),
      total,
    ),
  ]
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((cells) => cells[i]?.length ?? 0))) ?? []
  const format = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i < by.length ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  return lines.map((cells) => `${format(cells).trimEnd()}\n`).join('')
}

/** Names come from outside: one that has control characters must not move a terminal's cursor. */
function shown(name: string): string {
  return name === '' ? '-' : name.replace(/\p{C}/gu, '\uFFFD')
}
