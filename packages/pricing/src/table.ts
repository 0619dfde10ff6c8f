import { PriceConfigError } from './error.ts'
import type { How, Listing } from './listing.ts'
import { isHarmlessSuffix, normalise } from './normalise.ts'

export interface Names {
  readonly id: string
  readonly aliases?: readonly string[] | undefined
  /** Ids that begin so, and go on with nothing that names another model. */
  readonly prefixes?: readonly string[] | undefined
}

export interface Found {
  readonly listing: Listing
  readonly how: How
  readonly geo?: string | undefined
}

interface Prefix {
  readonly prefix: string
  readonly listing: Listing
  readonly guarded: boolean
}

/** No model's name is longer; what is, is not looked for. */
const longestId = 512

/** The models of one provider, or (of none in particular) of all. */
export class PriceTable {
  readonly #ids = new Map<string, { readonly listing: Listing; readonly how: 'exact' | 'alias' }>()
  readonly #prefixes = new Map<string, Prefix>()
  /** Longest first. */
  #sorted: readonly Prefix[] | undefined

  /** A later entry replaces an earlier one of the same id; an alias never replaces an id. */
  add({ id, aliases = [], prefixes = [] }: Names, listing: Listing): void {
    for (const alias of aliases) {
      const name = key(alias)
      if (this.#ids.get(name)?.how !== 'exact') this.#ids.set(name, { listing, how: 'alias' })
    }
    this.#ids.set(key(id), { listing, how: 'exact' })
    for (const prefix of prefixes) this.#insert(prefix, listing, true)
  }

  /** An unguarded prefix: whatever follows it, the longest prefix wins. */
  addPrefix(prefix: string, listing: Listing): void {
    this.#insert(prefix, listing, false)
  }

  copy(): PriceTable {
    const copy = new PriceTable()
    for (const [id, listed] of this.#ids) copy.#ids.set(id, listed)
    for (const [name, prefix] of this.#prefixes) copy.#prefixes.set(name, prefix)
    return copy
  }

  get size(): number {
    let size = 0
    for (const { how } of this.#ids.values()) if (how === 'exact') size++
    return size
  }

  /** By the id, an alias, the id without dates and the like, and the declared prefixes, in this order. */
  find(model: string): Found | undefined {
    if (model.length > longestId) return undefined
    const id = model.toLowerCase()
    const listed = this.#ids.get(id)
    if (listed !== undefined) return listed
    const { id: bare, geo } = normalise(id)
    // A row of one region goes before the row of the model.
    if (geo !== undefined) {
      const regional = this.#findPlain(id, `${geo}.${bare}`)
      if (regional !== undefined) return regional
    }
    const found = this.#findPlain(id, bare)
    return found && geo !== undefined ? { ...found, geo } : found
  }

  #findPlain(id: string, plain: string): Found | undefined {
    const listed = plain === id ? undefined : this.#ids.get(plain)
    if (listed !== undefined) return { listing: listed.listing, how: 'normalised' }
    this.#sorted ??= [...this.#prefixes.values()].sort((a, b) => b.prefix.length - a.prefix.length)
    for (const { prefix, listing, guarded } of this.#sorted) {
      const fits = guarded
        ? plain.startsWith(prefix) && isHarmlessSuffix(plain.slice(prefix.length))
        : id.startsWith(prefix) || plain.startsWith(prefix)
      if (fits) return { listing, how: 'prefix' }
    }
    return undefined
  }

  /** A later one replaces an earlier one of the same kind. */
  #insert(text: string, listing: Listing, guarded: boolean): void {
    const prefix = text.toLowerCase()
    this.#prefixes.set(guarded ? prefix : `${prefix}*`, { prefix, listing, guarded })
    this.#sorted = undefined
  }
}

function key(id: string): string {
  if (id === '') throw new PriceConfigError('a price entry has an empty id; name the model as its vendor does')
  return id.toLowerCase()
}
