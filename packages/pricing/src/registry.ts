import type { BoundsCall, Price, PriceCall, PriceLine, Pricing } from '@wayfare/core'
import { boundsOf } from './bounds.ts'
import { ratesAt, type Card } from './card.ts'
import { bundled, Catalogues, given } from './catalogues.ts'
import { now as systemNow } from './clock.ts'
import { components } from './component.ts'
import type { RegistryInfo } from './info.ts'
import { EntryLibrary } from './library.ts'
import { ListedPrice } from './listed-price.ts'
import { cardAt, fallbackMatch, freeMatch, matchOf, type Match } from './match.ts'
import { MatchMemo } from './memo.ts'
import { quantitiesOf } from './quantities.ts'
import type { PriceEntry, RateCard, Rates } from './rates.ts'
import { snapshot } from './snapshot.ts'
import type { PriceList } from './unpack.ts'

export interface PriceRegistryOptions {
  /** The whole price list, instead of the bundled one; `[]` is an empty registry. To add to the bundled one, `register`. */
  readonly entries?: readonly PriceEntry[] | undefined
  /** More bundled lists, such as `clouds`; they come after the first. */
  readonly lists?: readonly PriceList[] | undefined
  /**
   * Vendors at whose list prices a reseller sells, by the reseller's name or vendor. For models that it has no price of its
   * own for; an id `vendor/model` is looked for at that vendor alone.
   */
  readonly inheritFrom?: { readonly [reseller: string]: readonly string[] } | undefined
  /** What models cost that no list knows. */
  readonly fallbackRate?: Rates | undefined
  /** Unix milliseconds; for calls that do not say when they happened. */
  readonly now?: (() => number) | undefined
}

/** A call, and the region that served it where the usage does not say. */
export interface RegistryCall extends PriceCall {
  readonly geo?: string | undefined
}

/** No call costs more: what is beyond is a mistake of whoever reports it. */
const dearestReportUsd = 1e6

const unknown: Price = Object.freeze({ priced: false, source: 'unknown' })

/**
 * Prices calls to the pico-USD. In this order: the cost that the vendor reported, what was registered (for the provider's
 * name, its vendor, then for all), what was fetched, the price lists, the prices that are inherited, the fallback rate; else
 * the price is unknown, which is not zero.
 */
export class PriceRegistry implements Pricing {
  #own = new EntryLibrary()
  #catalogues: Catalogues
  readonly #inheritFrom: ReadonlyMap<string, readonly string[]>
  readonly #now: () => number
  /** The prices as they are, until they change. */
  #pinned: PriceRegistry | undefined
  #fallback: Match | undefined
  readonly #memo = new MatchMemo()

  constructor(options: PriceRegistryOptions = {}) {
    const { entries, lists = [], inheritFrom = {}, fallbackRate, now = systemNow } = options
    const first = entries === undefined ? bundled(snapshot) : given(entries)
    this.#catalogues = new Catalogues([], [first, ...lists.map(bundled)])
    this.#inheritFrom = new Map(Object.entries(inheritFrom))
    this.#now = now
    this.setFallbackRate(fallbackRate)
  }

  price(call: RegistryCall): Price {
    const { reportedUsd, usage } = call
    if (reportedUsd !== undefined && reportedUsd >= 0 && reportedUsd <= dearestReportUsd)
      return reportedPrice(reportedUsd)
    const match = this.#match(call.provider, call.vendor, call.model)
    if (match === undefined) return unknown
    const at = call.at ?? this.#now()
    const card = cardAt(match.cards, at)
    const of = quantitiesOf(usage)
    const region = usage.geo ?? call.geo ?? match.geo
    const rates = ratesAt(card, at, usage.serviceTier ?? call.serviceTier, of.prompt, region)
    return new ListedPrice(match, of, rates, card.fees, at)
  }

  /**
   * What a request can cost, whichever service tier serves: a tier that is asked for may be declined, and without one (or with
   * `auto`) the vendor may choose any. `default` and names that the list does not know cost the plain rates.
   * Without `maxOutputTokens` nothing bounds the answer: `maxUsd` is `Infinity`, unless output is free.
   */
  bounds(request: BoundsCall): { readonly minUsd: number; readonly maxUsd: number } | undefined {
    const match = this.#match(request.provider, request.vendor, request.model)
    if (match === undefined) return undefined
    const bounds = boundsOf(this.#cardNow(match))
    return bounds.of(request.inputTokens, request.maxOutputTokens, request.serviceTier)
  }

  /** These prices, whatever is registered or fetched from now on. */
  pin(): Pricing {
    this.#pinned ??= this.#copy()
    return this.#pinned
  }

  /** Adds a price, before the price list; it replaces an earlier one of the same provider and id. */
  register(entry: PriceEntry): void {
    this.#own.add(entry)
    this.#changed()
  }

  /** Prices every id that begins so, whatever follows; the longest prefix wins, and whole ids go before prefixes. */
  registerPrefix(prefix: string, rates: RateCard, options: { provider?: string | undefined } = {}): void {
    this.#own.addPrefix(prefix, { id: prefix, rates, provider: options.provider })
    this.#changed()
  }

  setFallbackRate(rates: Rates | undefined): void {
    this.#fallback = rates && fallbackMatch(rates)
    this.#changed()
  }

  /**
   * A catalogue that was fetched at run time: it goes before the price lists and replaces an earlier one of the same name;
   * `undefined` takes it out. Throws a `config` error, and changes nothing, when a price cannot be right.
   */
  setLive(name: string, entries: readonly PriceEntry[] | undefined): void {
    this.#catalogues = this.#catalogues.withLive(name, entries, new Date(this.#now()).toISOString().slice(0, 10))
    this.#changed()
  }

  /** The plain rates in force for a provider's name or vendor; undefined when no list knows the model. */
  lookup(provider: string, model: string): Rates | undefined {
    const match = this.#match(provider, undefined, model)
    return match === undefined ? undefined : plainRates(this.#cardNow(match).raw)
  }

  /** Where the prices come from, and how old they are. */
  info(): RegistryInfo {
    const { lists, live } = this.#catalogues.info(this.#now())
    const [first, ...others] = lists
    // The constructor puts the first one in.
    return { ...first!, lists: others, live, registered: this.#own.size }
  }

  #match(provider: string, vendor: string | undefined, model: string): Match | undefined {
    const known = this.#memo.get(provider, vendor, model)
    if (known !== undefined) return known ?? undefined
    const match = this.#resolve(provider, vendor, model)
    this.#memo.set(provider, vendor, model, match ?? null)
    return match
  }

  /** A model whose prices never changed needs no clock, which costs more than all the rest. */
  #cardNow({ cards }: Match): Card {
    return cardAt(cards, cards.length === 1 ? 0 : this.#now())
  }

  #resolve(provider: string, vendor: string | undefined, model: string): Match | undefined {
    const own = this.#own.find(provider, vendor, model)
    if (own !== undefined) return matchOf(own, own.how, 'override')
    const listed = this.#catalogues.find(provider, vendor, model)
    if (listed !== undefined) return matchOf(listed.found, listed.found.how, listed.source)
    if (model.toLowerCase().endsWith(':free')) return freeMatch(model)
    return this.#inherited(provider, vendor, model) ?? this.#fallback
  }

  #inherited(provider: string, vendor: string | undefined, model: string): Match | undefined {
    const reseller = vendor ?? provider
    const asked = this.#inheritFrom.get(provider) ?? this.#inheritFrom.get(reseller)
    const slash = model.indexOf('/')
    const author = slash < 0 ? undefined : model.slice(0, slash).toLowerCase()
    for (const upstream of asked ?? this.#catalogues.resells(reseller)) {
      const listed = this.#catalogues.find(upstream, undefined, author === upstream ? model.slice(slash + 1) : model)
      if (listed !== undefined) return matchOf(listed.found, 'upstream', listed.source)
    }
    return undefined
  }

  #copy(): PriceRegistry {
    const copy = new PriceRegistry({ entries: [], inheritFrom: Object.fromEntries(this.#inheritFrom), now: this.#now })
    copy.#own = this.#own.copy()
    copy.#catalogues = this.#catalogues
    copy.#fallback = this.#fallback
    return copy
  }

  #changed(): void {
    this.#pinned = undefined
    this.#memo.clear()
  }
}

function plainRates(card: RateCard): Rates {
  const rates: { -readonly [K in keyof Rates]: Rates[K] } = { input: card.input, output: card.output }
  for (const [component] of components) if (card[component] !== undefined) rates[component] = card[component]
  return rates
}

function reportedPrice(usd: number): Price {
  const pico = Math.round(usd * 1e12)
  const line: PriceLine = { component: 'reported', quantity: 1, usdPerMTok: usd * 1e6, pico }
  return { priced: true, usd, pico, source: 'provider', breakdown: [line], stale: false }
}
