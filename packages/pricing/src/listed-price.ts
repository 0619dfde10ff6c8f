import type { Price, PriceLine } from '@wayfare/core'
import type { FullRates } from './full-rates.ts'
import type { Match } from './match.ts'
import { picoOf, priceLines } from './price.ts'
import type { Quantities } from './quantities.ts'
import type { Fees } from './rates.ts'

type Priced = Extract<Price, { readonly priced: true }>

/** A price out of a list. Its breakdown is made when it is asked for: most bills need the sum alone. */
export class ListedPrice implements Priced {
  readonly priced = true as const
  readonly usd: number
  readonly pico: number
  readonly source: Priced['source']
  readonly stale: boolean
  declare readonly priceDate?: string
  declare readonly matched?: NonNullable<Priced['matched']>
  readonly #of: Quantities
  readonly #rates: FullRates
  readonly #fees: Fees | undefined
  #breakdown: readonly PriceLine[] | undefined

  constructor(match: Match, of: Quantities, rates: FullRates, fees: Fees | undefined, at: number) {
    const pico = picoOf(of, rates, fees)
    this.usd = pico / 1e12
    this.pico = pico
    this.source = match.source
    this.stale = at >= match.staleFrom
    if (match.checked !== undefined) this.priceDate = match.checked
    if (match.matched !== undefined) this.matched = match.matched
    this.#of = of
    this.#rates = rates
    this.#fees = fees
  }

  get breakdown(): readonly PriceLine[] {
    this.#breakdown ??= priceLines(this.#of, this.#rates, this.#fees)
    return this.#breakdown
  }

  toJSON(): Priced {
    const { priced, usd, pico, source, breakdown, stale, priceDate, matched } = this
    return {
      priced,
      usd,
      pico,
      source,
      breakdown,
      stale,
      ...(priceDate !== undefined && { priceDate }),
      ...(matched !== undefined && { matched }),
    }
  }
}

// What `console.log` shows. A class member of such a name cannot stand in declarations.
Object.defineProperty(ListedPrice.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: ListedPrice) {
    return this.toJSON()
  },
})
