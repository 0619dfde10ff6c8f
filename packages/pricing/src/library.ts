import { LazyListing, listingOf } from './listing.ts'
import { PriceTable, type Found } from './table.ts'
import { entryOf, namesOf, type PackedVendor, type PriceList } from './unpack.ts'
import type { PriceEntry } from './rates.ts'

/** A list of prices to look into. */
export interface Library {
  /** How many models it has. */
  readonly size: number
  /** A provider's own models first, then its vendor's, then those that cost the same everywhere. */
  find(provider: string, vendor: string | undefined, model: string): Found | undefined
  /** Vendors at whose list prices this one sells, too. */
  resells?(vendor: string): readonly string[] | undefined
}

/** Prices given in code. */
export class EntryLibrary implements Library {
  readonly #tables = new Map<string, PriceTable>()

  constructor(entries: readonly PriceEntry[] = []) {
    for (const entry of entries) this.add(entry)
  }

  add(entry: PriceEntry): void {
    this.#table(entry.provider).add(entry, listingOf(entry))
  }

  addPrefix(prefix: string, { provider, ...entry }: PriceEntry): void {
    this.#table(provider).addPrefix(prefix, listingOf(entry))
  }

  get size(): number {
    let size = 0
    for (const table of this.#tables.values()) size += table.size
    return size
  }

  copy(): EntryLibrary {
    const copy = new EntryLibrary()
    for (const [provider, table] of this.#tables) copy.#tables.set(provider, table.copy())
    return copy
  }

  find(provider: string, vendor: string | undefined, model: string): Found | undefined {
    return (
      this.#tables.get(provider)?.find(model) ??
      (vendor === undefined ? undefined : this.#tables.get(vendor)?.find(model)) ??
      this.#tables.get('')?.find(model)
    )
  }

  /** The table of a provider or vendor; without a name, of all. */
  #table(provider = ''): PriceTable {
    const known = this.#tables.get(provider)
    if (known !== undefined) return known
    const made = new PriceTable()
    this.#tables.set(provider, made)
    return made
  }
}

/** A catalogue that was fetched: its entries are those of vendors, whatever a provider is called. */
export class LiveLibrary implements Library {
  readonly #entries: EntryLibrary

  constructor(entries: readonly PriceEntry[]) {
    this.#entries = new EntryLibrary(entries)
  }

  get size(): number {
    return this.#entries.size
  }

  find(provider: string, vendor: string | undefined, model: string): Found | undefined {
    return this.#entries.find(vendor ?? provider, undefined, model)
  }
}

/** Bundled prices. The list is read when it is first asked, a vendor's names when it is, a model's rates when it is. */
export class ListLibrary implements Library {
  readonly #list: PriceList
  #vendors: ReadonlyMap<string, PackedVendor> | undefined
  readonly #tables = new Map<PackedVendor, PriceTable>()

  constructor(list: PriceList) {
    this.#list = list
  }

  get size(): number {
    return this.#list.vendors.reduce((sum, { models }) => sum + models.length, 0)
  }

  find(provider: string, vendor: string | undefined, model: string): Found | undefined {
    const packed = this.#vendor(vendor ?? provider)
    if (packed === undefined) return undefined
    const found = this.#table(packed).find(model)
    if (found !== undefined || packed.freeUnless === undefined) return found
    if (packed.freeUnless.some((end) => model.endsWith(end))) return undefined
    return { listing: listingOf({ id: '*', rates: { input: 0, output: 0 }, checked: this.#list.date }), how: 'prefix' }
  }

  resells(vendor: string): readonly string[] | undefined {
    return this.#vendor(vendor)?.resells
  }

  #vendor(name: string): PackedVendor | undefined {
    this.#vendors ??= new Map(this.#list.vendors.flatMap((one) => one.names.map((each) => [each, one] as const)))
    return this.#vendors.get(name)
  }

  #table(vendor: PackedVendor): PriceTable {
    const known = this.#tables.get(vendor)
    if (known !== undefined) return known
    const table = new PriceTable()
    for (const model of vendor.models) {
      const names = namesOf(model)
      table.add(names, new LazyListing(names.id, this.#list.date, () => entryOf(model, vendor)))
    }
    this.#tables.set(vendor, table)
    return table
  }
}
