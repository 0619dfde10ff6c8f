import { EntryLibrary, LiveLibrary, ListLibrary, type Library } from './library.ts'
import { listInfo, type PriceListInfo } from './info.ts'
import type { PriceEntry } from './rates.ts'
import type { Found } from './table.ts'
import type { PriceList } from './unpack.ts'

interface Catalogue {
  readonly origin: string
  readonly date: string | undefined
  readonly library: Library
}

/** Lists of prices in their order: what was fetched goes before what was bundled. Changing them makes new ones. */
export class Catalogues {
  readonly #live: readonly Catalogue[]
  readonly #lists: readonly Catalogue[]

  constructor(live: readonly Catalogue[], lists: readonly Catalogue[]) {
    this.#live = live
    this.#lists = lists
  }

  /** Without entries the catalogue of this name is taken out. */
  withLive(origin: string, entries: readonly PriceEntry[] | undefined, date: string): Catalogues {
    const others = this.#live.filter((catalogue) => catalogue.origin !== origin)
    if (entries === undefined) return new Catalogues(others, this.#lists)
    const dated = entries.map((entry) => ({ ...entry, checked: entry.checked ?? date }))
    return new Catalogues([...others, { origin, date, library: new LiveLibrary(dated) }], this.#lists)
  }

  find(provider: string, vendor: string | undefined, model: string): Listed | undefined {
    return (
      findIn(this.#live, 'live', provider, vendor, model) ?? findIn(this.#lists, 'registry', provider, vendor, model)
    )
  }

  /** Vendors at whose prices a reseller sells, as its list says. */
  resells(reseller: string): readonly string[] {
    for (const { library } of this.#lists) {
      const vendors = library.resells?.(reseller)
      if (vendors !== undefined) return vendors
    }
    return []
  }

  info(at: number): { readonly lists: readonly PriceListInfo[]; readonly live: readonly PriceListInfo[] } {
    const tell = ({ origin, date, library }: Catalogue) => listInfo(origin, date, library.size, at)
    return { lists: this.#lists.map(tell), live: this.#live.map(tell) }
  }
}

export interface Listed {
  readonly found: Found
  readonly source: 'live' | 'registry'
}

export function bundled(list: PriceList): Catalogue {
  return { origin: list.source, date: list.date, library: new ListLibrary(list) }
}

export function given(entries: readonly PriceEntry[]): Catalogue {
  return { origin: 'given in code', date: undefined, library: new EntryLibrary(entries) }
}

function findIn(
  catalogues: readonly Catalogue[],
  source: Listed['source'],
  provider: string,
  vendor: string | undefined,
  model: string,
): Listed | undefined {
  for (const { library } of catalogues) {
    const found = library.find(provider, vendor, model)
    if (found !== undefined) return { found, source }
  }
  return undefined
}
