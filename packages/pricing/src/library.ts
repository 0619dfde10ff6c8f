import { PriceTable, type Found } from './table.ts'
import { unpackVendor, type PackedVendor, type Snapshot } from './unpack.ts'
import type { PriceEntry } from './rates.ts'

/** A list of prices to look into: a provider's own models first, then those that cost the same everywhere. */
export interface Library {
  find(provider: string, vendor: string | undefined, model: string): Found | undefined
}

/** Prices given in code. */
export class EntryLibrary implements Library {
  readonly #tables = new Map<string, PriceTable>()

  constructor(entries: readonly PriceEntry[] = []) {
    for (const entry of entries) this.table(entry.provider).add(entry)
  }

  /** The table of a provider or vendor; without a name, of all. */
  table(provider = ''): PriceTable {
    const known = this.#tables.get(provider)
    if (known !== undefined) return known
    const made = new PriceTable()
    this.#tables.set(provider, made)
    return made
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
}

/** The bundled prices. A vendor is unpacked when it is first asked for. */
export class SnapshotLibrary implements Library {
  readonly #date: string
  readonly #vendors = new Map<string, PackedVendor>()
  readonly #tables = new Map<PackedVendor, PriceTable>()
  readonly #free: PriceTable

  constructor({ date, vendors }: Snapshot) {
    this.#date = date
    for (const vendor of vendors) for (const name of vendor.names) this.#vendors.set(name, vendor)
    this.#free = new PriceTable()
    this.#free.add({ id: '*', rates: { input: 0, output: 0 }, checked: date })
  }

  find(provider: string, vendor: string | undefined, model: string): Found | undefined {
    const packed = this.#vendors.get(vendor ?? provider)
    if (packed === undefined) return undefined
    const found = this.#table(packed).find(model)
    if (found !== undefined || packed.freeUnless === undefined) return found
    return packed.freeUnless.some((end) => model.endsWith(end)) ? undefined : this.#free.find('*')
  }

  #table(vendor: PackedVendor): PriceTable {
    const known = this.#tables.get(vendor)
    if (known !== undefined) return known
    const table = new PriceTable()
    for (const entry of unpackVendor(vendor, this.#date)) table.add(entry)
    this.#tables.set(vendor, table)
    return table
  }
}
