import { outcomes, type Goal, type Outcome, type Report, type Row } from './row.ts'

/** A report as it is shown in a terminal. */
export function table({ name, node, rows, notes }: Report): string {
  return [
    `${name} on Node ${node}`,
    ...rows.flatMap((row) => [
      `  ${row.title}, ${row.unit}: ${figures(row)}`,
      ...goals(row).map((line) => `    ${line}`),
    ]),
    ...notes.map((note) => `  (${note})`),
  ].join('\n')
}

export function figures({ figures: all }: Row): string {
  return Object.entries(all)
    .map(([who, figure]) => `${who} ${short(figure)}`)
    .join(', ')
}

function goals(row: Row): readonly string[] {
  return outcomes([row]).map((outcome) => `${outcome.fate.padEnd(12)} ${verdict(outcome)}`)
}

/** As `ours / floor 1.62, at most 1.5, and the least 1.31`. */
export function verdict({ goal, value, row, least, fate }: Outcome): string {
  const own =
    goal.to === undefined
      ? `${who(goal)} ${short(value)} ${row.unit}, at most ${goal.atMost}`
      : `${who(goal)} / ${goal.to} ${value.toFixed(2)}, at most ${Number(goal.atMost.toFixed(3))}`
  if (least === undefined || fate === 'met') return own
  return `${own}, and ${row.least} ${goal.to === undefined ? short(least) : least.toFixed(2)}`
}

export function short(figure: number): string {
  if (figure >= 100) return Math.round(figure).toLocaleString('en')
  return figure.toFixed(figure >= 10 ? 1 : 2)
}

function who({ of = 'ours' }: Goal): string {
  return of
}
