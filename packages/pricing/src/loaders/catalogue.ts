import { z } from 'zod'
import { PriceConfigError } from '../error.ts'
import { listingOf } from '../listing.ts'
import type { PriceEntry } from '../rates.ts'

/** What was read out of a catalogue: the entries, for `setLive` or `register`, and what was left out. */
export interface PriceCatalogue {
  readonly entries: readonly PriceEntry[]
  readonly skipped: readonly SkippedRow[]
}

export interface SkippedRow {
  readonly provider?: string
  readonly id: string
  readonly reason: string
}

/** A row, before it is believed. `read` gives undefined for what is not sold by tokens in and out. */
export interface Row {
  readonly provider: string
  readonly id: string
  readonly read: () => PriceEntry['rates'] | Pick<PriceEntry, 'rates' | 'changes'> | undefined
  readonly names?: Pick<PriceEntry, 'aliases' | 'prefixes'>
}

/** No catalogue has so many models; to read more would hold up everything else. */
const mostRows = 20_000

/**
 * The entries that can be right. Of rows with the same name the first counts, and of all rows the first 20,000. Never throws for
 * a row; those that are known to be unreadable are handed on.
 */
export function catalogueOf(rows: readonly (Row | SkippedRow)[]): PriceCatalogue {
  const entries: PriceEntry[] = []
  const skipped: SkippedRow[] = []
  const seen = new Set<string>()
  for (const row of rows.slice(0, mostRows)) {
    if ('reason' in row) {
      skipped.push(row)
      continue
    }
    const { provider, id } = row
    const key = JSON.stringify([provider, id.toLowerCase()])
    if (seen.has(key)) continue
    const read = believed(row)
    if (read === undefined) continue
    if (typeof read === 'string') {
      skipped.push({ provider, id, reason: read })
      continue
    }
    seen.add(key)
    entries.push(read)
  }
  const more = rows.length - mostRows
  if (more > 0) skipped.push({ id: '*', reason: `${more} rows after the first ${mostRows} were not read` })
  return { entries, skipped }
}

/** What is read of a document; throws a `config` error when it is of another kind. */
export function documentOf<T>(schema: z.ZodType<T>, json: unknown, kind: string): T {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw anotherKind(kind)
}

/** Rows of a document that come under names; `undefined` stands for one that is of another kind. */
export function readable<T>(
  rows: Iterable<readonly [name: string, row: unknown]>,
  schema: z.ZodType<T>,
  kind: string,
): (readonly [name: string, row: T | undefined])[] {
  const all = [...rows].map(([name, row]) => [name, schema.safeParse(row).data] as const)
  if (all.length > 0 && all.every(([, row]) => row === undefined)) throw anotherKind(kind)
  return all
}

function anotherKind(kind: string): PriceConfigError {
  return new PriceConfigError(`this is not ${kind}; check that the URL and the loader belong together`)
}

/** The entry, undefined for what is no matter of ours, or why it is not believed. */
function believed({ provider, id, read, names }: Row): PriceEntry | string | undefined {
  try {
    const found = read()
    if (found === undefined) return undefined
    const entry = { provider, id, ...names, ...('rates' in found ? found : { rates: found }) }
    const { input, output } = entry.rates
    if (input === 0 && output === 0 && !id.toLowerCase().endsWith(':free'))
      return 'a price of zero is more likely unknown than free'
    if (output === 0 && input > 0) return 'output without a price'
    listingOf(entry)
    return entry
  } catch (error) {
    return error instanceof z.ZodError ? issue(error) : error instanceof Error ? error.message : 'not readable'
  }
}

function issue({ issues: [first] }: z.ZodError): string {
  return first === undefined ? 'not readable' : `${first.path.map(String).join('.')}: ${first.message}`
}
