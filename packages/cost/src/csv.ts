import type { Figures } from './store.ts'

const columns = [
  'costUsd',
  'inputTokens',
  'outputTokens',
  'messages',
  'attempts',
  'unpriced',
  'pricingSources',
] as const

/** RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe before it. */
export function csv(
  by: readonly string[],
  rows: readonly { readonly keys: readonly string[]; readonly figures: Figures }[],
): string {
  const lines = rows.map(({ keys, figures }) => [
    ...keys.map(safe),
    usdText(figures.posted),
    figures.inputTokens,
    figures.outputTokens,
    figures.messages,
    figures.attempts,
    figures.unpriced,
    figures.sources.join(' '),
  ])
  return [[...by.map(safe), ...columns], ...lines]
    .map((line) => `${line.map((cell) => quoted(String(cell))).join(',')}\r\n`)
    .join('')
}

function safe(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** All nine decimals that there are, and never an exponent. */
function usdText(nano: number): string {
  const digits = String(nano).padStart(10, '0')
  const decimals = digits.slice(-9).replace(/0+$/, '')
  return decimals === '' ? digits.slice(0, -9) : `${digits.slice(0, -9)}.${decimals}`
}
