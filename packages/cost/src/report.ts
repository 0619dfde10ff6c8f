import type { PricingSource } from '@wayfare/core'
import { csv } from './csv.ts'
import { CostConfigError } from './error.ts'
import { checkKeys, checkObject } from './shape.ts'
import { spendOf, type Spend } from './spend.ts'
import type { Figures, SpendRow } from './store.ts'

export type Dimension = 'agent' | 'session' | 'provider' | 'model' | 'day' | `tag:${string}`

export interface CostReport<D extends string> {
  /** One for each combination, in order of the dimensions; '' where a call has none. Nothing is pending in a report. */
  readonly rows: readonly (Spend & { readonly [K in D]: string })[]
  readonly total: Spend
  /** With a header; amounts in full. */
  toCSV(): string
}

interface Group {
  readonly keys: readonly string[]
  figures: Figures
}

/** Throws a `config` error for options that ask for no report. */
export function readReport<T extends { readonly by: readonly Dimension[] }>(options: T): T {
  checkObject(options, 'the options of a report', "they look like { by: ['agent', 'day'] }")
  checkKeys(options, ['by', 'from', 'to'], 'a report')
  const { by, from, to }: { readonly by: unknown; readonly from?: unknown; readonly to?: unknown } = options
  if (!Array.isArray(by)) throw new CostConfigError("by is not a list; give dimensions, such as ['agent', 'day']")
  for (const [name, date] of Object.entries({ from, to })) {
    if (date !== undefined && !(date instanceof Date)) throw new CostConfigError(`${name} is not a Date; give one`)
  }
  return options
}

export function reportOf<D extends Dimension>(by: readonly D[], rows: readonly SpendRow[]): CostReport<D> {
  const reads = by.map(reader)
  const groups = new Map<string, Group>()
  let total: Figures | undefined
  for (const row of rows) {
    const keys = reads.map((read) => read(row))
    const name = JSON.stringify(keys)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, { keys, figures: row })
    else group.figures = sum(group.figures, row)
    total = total === undefined ? row : sum(total, row)
  }
  const sorted = [...groups.values()].sort((a, b) => compare(a.keys, b.keys))
  return {
    // The keys of Object.fromEntries are the dimensions.
    rows: sorted.map(({ keys, figures }) => ({
      ...(Object.fromEntries(by.map((dimension, i) => [dimension, keys[i] ?? ''])) as { [K in D]: string }),
      ...spendOf(figures),
    })),
    total: spendOf(total),
    toCSV: () => csv(by, sorted),
  }
}

function reader(dimension: Dimension): (row: SpendRow) => string {
  if (dimension === 'day') return ({ day }) => day
  if (typeof dimension === 'string' && dimension.startsWith('tag:')) {
    const tag = dimension.slice(4)
    return ({ call: { tags } }) => (tags !== undefined && Object.hasOwn(tags, tag) ? (tags[tag] ?? '') : '')
  }
  if (dimension === 'agent' || dimension === 'session' || dimension === 'provider' || dimension === 'model')
    return ({ call }) => call[dimension] ?? ''
  throw new CostConfigError(
    `"${String(dimension)}" is no dimension; use agent, session, provider, model, day or tag:NAME`,
  )
}

function sum(a: Figures, b: Figures): Figures {
  const sources: readonly PricingSource[] = [...new Set([...a.sources, ...b.sources])]
  return {
    posted: a.posted + b.posted,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    messages: a.messages + b.messages,
    attempts: a.attempts + b.attempts,
    unpriced: a.unpriced + b.unpriced,
    sources,
  }
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [i, text] of a.entries()) {
    const other = b[i] ?? ''
    if (text !== other) return text < other ? -1 : 1
  }
  return 0
}
