import { staleAfterMs } from './match.ts'

/** A list of prices: where it comes from and how old it is. */
export interface PriceListInfo {
  /** The name of a package, of a fetched catalogue, or `given in code`. */
  readonly source: string
  readonly sourceVersion?: string
  /** YYYY-MM-DD; absent when nobody said. */
  readonly generatedAt?: string
  readonly ageDays?: number
  /** Older than sixty days. */
  readonly stale: boolean
  /** How many models it has. */
  readonly entries: number
}

/** The price list of a registry, and what stands beside it. */
export interface RegistryInfo extends PriceListInfo {
  /** Lists that were added to it. */
  readonly lists: readonly PriceListInfo[]
  /** Catalogues fetched at run time, oldest first. */
  readonly live: readonly PriceListInfo[]
  /** How many models were registered one by one. */
  readonly registered: number
}

/** `origin` is a name, or a name and a version behind a space. */
export function listInfo(origin: string, date: string | undefined, entries: number, at: number): PriceListInfo {
  const [source = '', sourceVersion] = /^(\S+) (\d\S*)$/.exec(origin)?.slice(1) ?? [origin]
  const named = { source, ...(sourceVersion !== undefined && { sourceVersion }) }
  if (date === undefined) return { ...named, stale: false, entries }
  const ageMs = at - Date.parse(date)
  const ageDays = Math.max(0, Math.floor(ageMs / 86_400_000))
  return { ...named, generatedAt: date, ageDays, stale: ageMs >= staleAfterMs, entries }
}
