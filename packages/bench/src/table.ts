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
  return outcomes([row]).map((outcome) => `${outcome.met ? 'met   ' : 'MISSED'} ${verdict(outcome)}`)
}

/** As `ours / floor 1.42, at most 1.5`. */
export function verdict({ goal, value, row }: Outcome): string {
  return goal.to === undefined
    ? `${who(goal)} ${short(value)} ${row.unit}, at most ${goal.atMost}`
    : `${who(goal)} / ${goal.to} ${value.toFixed(2)}, at most ${Number(goal.atMost.toFixed(3))}`
}

export function short(figure: number): string {
  if (figure >= 100) return Math.round(figure).toLocaleString('en')
  return figure.toFixed(figure >= 10 ? 1 : 2)
}

function who({ of = 'ours' }: Goal): string {
  return of
}
