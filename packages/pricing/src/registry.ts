import type { BoundsCall, Price, PriceCall, PriceLine, Pricing } from '@wayfare/core'
import { CostBounds } from './bounds.ts'
import { ratesAt, type Card } from './card.ts'
import { now as systemNow } from './clock.ts'
import { EntryLibrary, SnapshotLibrary, type Library } from './library.ts'
import { priceLines, promptTokens, sumPico } from './price.ts'
import type { PriceEntry, RateCard, Rates } from './rates.ts'
import { snapshot } from './snapshot.ts'
import type { Found } from './table.ts'

export interface PriceRegistryOptions {
  /** The whole price list, instead of the bundled one; `[]` is an empty registry. To add to the bundled one, `register`. */
  readonly entries?: readonly PriceEntry[] | undefined
  /** What models cost that no list knows. */
  readonly fallbackRate?: Rates | undefined
  /** Unix milliseconds; for calls that do not say when they happened. */
  readonly now?: (() => number) | undefined
}

/** A call, and the region that served it where the vendor charges by region. */
export interface RegistryCall extends PriceCall {
  readonly geo?: string | undefined
}

/** A resolved model; what does not depend on the usage is made once. */
interface Match {
  readonly cards: readonly Card[]
  readonly source: 'override' | 'registry' | 'fallback'
  readonly checked: string | undefined
  readonly matched: { readonly id: string; readonly how: Found['how'] } | undefined
  readonly geo: string | undefined
  /** Unix milliseconds. */
  readonly staleFrom: number
}

const unknown: Price = Object.freeze({ priced: false, source: 'unknown' })
const dayMs = 86_400_000
const staleAfterMs = 60 * dayMs
const remembered = 4096

/**
 * Prices calls to the pico-USD. In this order: the cost that the vendor reported, what was registered (for the provider's
 * name, its vendor, then for all), the price list, the fallback rate; else the price is unknown, which is not zero.
 */
export class PriceRegistry implements Pricing {
  #own = new EntryLibrary()
  #list: Library
  readonly #now: () => number
  /** The prices as they are, until they change. */
  #pinned: PriceRegistry | undefined
  readonly #bounds = new WeakMap<Card, CostBounds>()
  #fallback: Match | undefined
  // Ids may come from strangers: the memory of what they resolve to is bounded.
  readonly #memo = new Map<
    string,
    { readonly vendor: string | undefined; readonly models: Map<string, Match | null> }
  >()
  #memoSize = 0

  constructor(options: PriceRegistryOptions = {}) {
    const { entries, fallbackRate, now = systemNow } = options
    this.#list = entries === undefined ? new SnapshotLibrary(snapshot) : new EntryLibrary(entries)
    this.#now = now
    this.setFallbackRate(fallbackRate)
  }

  price(call: RegistryCall): Price {
    const { reportedUsd, usage } = call
    if (reportedUsd !== undefined && reportedUsd >= 0 && reportedUsd < Infinity) return reportedPrice(reportedUsd)
    const match = this.#match(call.provider, call.vendor, call.model)
    if (match === undefined) return unknown
    const at = call.at ?? this.#now()
    const card = cardAt(match.cards, at)
    const rates = ratesAt(card, at, usage.serviceTier ?? call.serviceTier, promptTokens(usage))
    const region = call.geo ?? match.geo
    const factor = region === undefined || card.geo === undefined ? 1 : regionFactor(card.geo, region)
    const breakdown = priceLines(usage, rates, card.fees, factor)
    const pico = sumPico(breakdown)
    const usd = pico / 1e12
    const { source, matched } = match
    const stale = at >= match.staleFrom
    // Whole literals: copying a price to add a field costs more than making it.
    if (matched === undefined) return { priced: true, usd, pico, source, breakdown, stale }
    const priceDate = match.checked
    return priceDate === undefined
      ? { priced: true, usd, pico, source, breakdown, stale, matched }
      : { priced: true, usd, pico, source, breakdown, stale, priceDate, matched }
  }

  /** Without `maxOutputTokens` nothing bounds the answer: `maxUsd` is `Infinity`, unless output is free. */
  bounds(request: BoundsCall): { readonly minUsd: number; readonly maxUsd: number } | undefined {
    const match = this.#match(request.provider, request.vendor, request.model)
    if (match === undefined) return undefined
    const card = cardAt(match.cards, this.#now())
    let bounds = this.#bounds.get(card)
    if (bounds === undefined) {
      bounds = new CostBounds(card)
      this.#bounds.set(card, bounds)
    }
    return bounds.of(request.inputTokens, request.maxOutputTokens, request.serviceTier)
  }

  /** These prices, whatever is registered from now on. */
  pin(): Pricing {
    this.#pinned ??= this.#copy()
    return this.#pinned
  }

  /** Adds a price, before the price list; it replaces an earlier one of the same provider and id. */
  register(entry: PriceEntry): void {
    this.#own.table(entry.provider).add(entry)
    this.#changed()
  }

  /** Prices every id that begins so, whatever follows; the longest prefix wins, and whole ids go before prefixes. */
  registerPrefix(prefix: string, rates: RateCard, options: { provider?: string | undefined } = {}): void {
    this.#own.table(options.provider).addPrefix(prefix, { id: prefix, rates })
    this.#changed()
  }

  setFallbackRate(rates: Rates | undefined): void {
    if (rates === undefined) {
      this.#fallback = undefined
    } else {
      const library = new EntryLibrary([{ id: 'fallback rate', rates }])
      const cards = library.find('', undefined, 'fallback rate')?.listing.cards ?? []
      this.#fallback = {
        cards,
        source: 'fallback',
        checked: undefined,
        matched: undefined,
        geo: undefined,
        staleFrom: Infinity,
      }
    }
    this.#changed()
  }

  /** The plain rates in force for a provider's name or vendor; undefined when no list knows the model. */
  lookup(provider: string, model: string): Rates | undefined {
    const match = this.#match(provider, undefined, model)
    return match === undefined ? undefined : plainRates(cardAt(match.cards, this.#now()).raw)
  }

  #match(provider: string, vendor: string | undefined, model: string): Match | undefined {
    let known = this.#memo.get(provider)
    if (known === undefined || known.vendor !== vendor) {
      known = { vendor, models: new Map() }
      this.#memo.set(provider, known)
    }
    const hit = known.models.get(model)
    if (hit !== undefined) return hit ?? undefined
    if (this.#memoSize >= remembered) {
      this.#forgetMatches()
      this.#memo.set(provider, known)
      known.models.clear()
    }
    this.#memoSize++
    const match = this.#resolve(provider, vendor, model)
    known.models.set(model, match ?? null)
    return match
  }

  #resolve(provider: string, vendor: string | undefined, model: string): Match | undefined {
    const own = this.#own.find(provider, vendor, model)
    if (own !== undefined) return matchOf(own, 'override')
    const listed = this.#list.find(provider, vendor, model)
    if (listed !== undefined) return matchOf(listed, 'registry')
    if (model.toLowerCase().endsWith(':free')) return freeOfCharge(model)
    return this.#fallback
  }

  #copy(): PriceRegistry {
    const copy = new PriceRegistry({ entries: [], now: this.#now })
    copy.#own = this.#own.copy()
    copy.#list = this.#list
    copy.#fallback = this.#fallback
    return copy
  }

  #changed(): void {
    this.#pinned = undefined
    this.#forgetMatches()
  }

  #forgetMatches(): void {
    this.#memo.clear()
    this.#memoSize = 0
  }
}

function matchOf({ listing, how, geo }: Found, source: 'override' | 'registry'): Match {
  const checked = listing.checked === undefined ? NaN : Date.parse(listing.checked)
  return {
    cards: listing.cards,
    source,
    checked: listing.checked,
    matched: Object.freeze({ id: listing.id, how }),
    geo,
    staleFrom: Number.isNaN(checked) ? Infinity : checked + staleAfterMs,
  }
}

function regionFactor(geo: { readonly [region: string]: number }, region: string): number {
  return Object.hasOwn(geo, region) ? (geo[region] ?? 1) : 1
}

const freeTable = new EntryLibrary([{ id: ':free', rates: { input: 0, output: 0 } }])

function freeOfCharge(id: string): Match | undefined {
  const found = freeTable.find('', undefined, ':free')
  return found && { ...matchOf(found, 'registry'), matched: Object.freeze({ id, how: 'normalised' as const }) }
}

function cardAt(cards: readonly Card[], at: number): Card {
  for (let i = cards.length - 1; i > 0; i--) {
    const card = cards[i]
    if (card !== undefined && card.from <= at) return card
  }
  // A listing has at least one card, and the first holds from the beginning of time.
  return cards[0] as Card
}

function plainRates(card: RateCard): Rates {
  const rates: { -readonly [K in keyof Rates]: Rates[K] } = { input: card.input, output: card.output }
  for (const key of ['cacheRead', 'cacheWrite', 'cacheWrite1h', 'reasoning', 'audioIn', 'audioOut'] as const) {
    if (card[key] !== undefined) rates[key] = card[key]
  }
  return rates
}

function reportedPrice(usd: number): Price {
  const pico = Math.round(usd * 1e12)
  const line: PriceLine = { component: 'reported', quantity: 1, usdPerMTok: usd * 1e6, pico }
  return { priced: true, usd, pico, source: 'provider', breakdown: [line], stale: false }
}
