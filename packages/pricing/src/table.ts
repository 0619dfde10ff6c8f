import { compileCard, type Card } from './card.ts'
import { PriceConfigError } from './error.ts'
import { isHarmlessSuffix, normalise } from './normalise.ts'
import type { PriceEntry } from './rates.ts'

export type How = 'exact' | 'alias' | 'normalised' | 'prefix'

/** A model's cards under its own id. */
export interface Listing {
  readonly id: string
  /** In order of their dates. */
  readonly cards: readonly Card[]
  readonly checked?: string | undefined
}

export interface Found {
  readonly listing: Listing
  readonly how: How
  readonly geo?: string | undefined
}

/** The models of one provider, or (of none in particular) of all. */
export class PriceTable {
  readonly #ids = new Map<string, { readonly listing: Listing; readonly how: 'exact' | 'alias' }>()
  /** Longest first. */
  #prefixes: { readonly prefix: string; readonly listing: Listing; readonly guarded: boolean }[] = []

  /** A later entry replaces an earlier one of the same id. */
  add(entry: PriceEntry): void {
    const listing = compile(entry)
    for (const alias of entry.aliases ?? []) this.#ids.set(key(alias), { listing, how: 'alias' })
    this.#ids.set(key(entry.id), { listing, how: 'exact' })
    for (const prefix of entry.prefixes ?? []) this.#insert(prefix, listing, true)
  }

  /** An unguarded prefix: whatever follows it, the longest prefix wins. */
  addPrefix(prefix: string, entry: PriceEntry): void {
    this.#insert(prefix, compile(entry), false)
  }

  copy(): PriceTable {
    const copy = new PriceTable()
    for (const [id, listed] of this.#ids) copy.#ids.set(id, listed)
    copy.#prefixes = this.#prefixes
    return copy
  }

  get size(): number {
    return this.#ids.size
  }

  /** By the id, an alias, the id without dates and the like, and the declared prefixes, in this order. */
  find(model: string): Found | undefined {
    const id = model.toLowerCase()
    const listed = this.#ids.get(id)
    if (listed !== undefined) return listed
    const plain = normalise(id)
    const bare = plain.id === id ? undefined : this.#ids.get(plain.id)
    if (bare !== undefined) return { listing: bare.listing, how: 'normalised', geo: plain.geo }
    for (const { prefix, listing, guarded } of this.#prefixes) {
      if (guarded) {
        if (plain.id.startsWith(prefix) && isHarmlessSuffix(plain.id.slice(prefix.length)))
          return { listing, how: 'prefix', geo: plain.geo }
      } else if (id.startsWith(prefix) || plain.id.startsWith(prefix)) {
        return { listing, how: 'prefix', geo: plain.geo }
      }
    }
    return undefined
  }

  #insert(text: string, listing: Listing, guarded: boolean): void {
    const prefix = text.toLowerCase()
    this.#prefixes = this.#prefixes.filter((known) => known.prefix !== prefix || known.guarded !== guarded)
    this.#prefixes.push({ prefix, listing, guarded })
    this.#prefixes.sort((a, b) => b.prefix.length - a.prefix.length)
  }
}

function key(id: string): string {
  if (id === '') throw new PriceConfigError('a price entry has an empty id; name the model as its vendor does')
  return id.toLowerCase()
}

function compile({ id, rates, changes = [], checked }: PriceEntry): Listing {
  const where = `the price entry "${id}"`
  const cards = [
    compileCard(rates, where, undefined),
    ...changes.map((change) => compileCard(change, where, change.from)),
  ]
  return { id, cards: cards.sort((a, b) => a.from - b.from), checked }
}
