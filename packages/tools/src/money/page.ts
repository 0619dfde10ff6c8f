import type { Figures } from '../reliability/figures.ts'
import type { Told } from './titles.ts'

/** A suite whose figures the page states; `figures` is undefined when nobody has run it yet. */
export interface Measured {
  readonly title: string
  readonly command: string
  readonly figures: Figures | undefined
}

export interface MoneyPage {
  readonly measured: readonly Measured[]
  readonly bills: readonly Told[]
  readonly traps: readonly Told[]
  /** Raw usage of vendors, through their wires, to a cost. */
  readonly raw: readonly Told[]
}

/** The page of what money comes to, and of what was measured about limits. */
export function page({ measured, bills, traps, raw }: MoneyPage): string {
  return [
    '# Money',
    '',
    'Made by `pnpm money`. Amounts are integers of 1e-12 USD (pico-USD) until an attempt is posted, and of 1e-9 USD in the ledger, rounded up once an attempt.',
    '',
    ...measured.flatMap(section),
    ...examples('Bills of vendors, to the pico-USD', bills, 'packages/pricing/test/bills.test.ts'),
    ...examples('Mistakes that others made', traps, 'packages/pricing/test/traps.test.ts'),
    '## Raw usage',
    '',
    `\`npx vitest run packages/llm/test/money\``,
    '',
    raw.length === 0
      ? '* missing: no result'
      : `* ${raw.filter(({ passed }) => passed).length} of ${raw.length} usage bodies as vendors send them come to the right tokens and the right cost.`,
    '',
  ].join('\n')
}

function section({ title, command, figures }: Measured): readonly string[] {
  const lines = figures?.lines ?? ['missing: run the command']
  return [`## ${title}`, '', `\`${figures?.command ?? command}\``, '', ...lines.map((line) => `* ${line}`), '']
}

function examples(title: string, told: readonly Told[], file: string): readonly string[] {
  const lines = told.map(({ title: example, passed }) => `* ${withUsd(example)}${passed ? '' : ' (FAILS)'}`)
  return [
    `## ${title}`,
    '',
    `\`npx vitest run ${file}\``,
    '',
    ...(lines.length === 0 ? ['* missing: no result'] : lines),
    '',
  ]
}

/** A figure in pico-USD, in dollars too. */
function withUsd(title: string): string {
  return title.replace(/(\d+) pico-USD/, (_, pico: string) => {
    const dollars = pico.padStart(13, '0')
    const decimals = dollars.slice(-12).replace(/0+$/, '')
    return `${Number(pico).toLocaleString('en-US')} pico-USD ($${dollars.slice(0, -12)}${decimals === '' ? '' : `.${decimals}`})`
  })
}
