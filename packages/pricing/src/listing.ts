import { compileCard, type Card } from './card.ts'
import type { PriceEntry } from './rates.ts'

export type How = 'exact' | 'alias' | 'normalised' | 'prefix'

/** A model's cards under its own id. */
export interface Listing {
  readonly id: string
  /** YYYY-MM-DD: when somebody last looked. */
  readonly checked?: string | undefined
  /** In order of their dates. */
  readonly cards: readonly Card[]
}

/** Throws a `config` error when a price cannot be right. */
export function listingOf({ id, rates, changes = [], checked }: PriceEntry): Listing {
  const where = `the price entry "${id.slice(0, 100)}"`
  const cards = [
    compileCard(rates, where, undefined),
    ...changes.map((change) => compileCard(change, where, change.from)),
  ]
  return { id, cards: cards.sort((a, b) => a.from - b.from), checked }
}

/** A listing that is made ready when its cards are first asked for. */
export class LazyListing implements Listing {
  readonly id: string
  readonly checked: string
  readonly #read: () => PriceEntry
  #cards: readonly Card[] | undefined

  constructor(id: string, checked: string, read: () => PriceEntry) {
    this.id = id
    this.checked = checked
    this.#read = read
  }

  get cards(): readonly Card[] {
    this.#cards ??= listingOf(this.#read()).cards
    return this.#cards
  }
}
