import type { ContextTier, PriceEntry, RateCard, ServiceTier, TimeWindow } from './rates.ts'
import type { Names } from './table.ts'

/** Bundled prices, packed to be small: see `PackedModel`. */
export interface PriceList {
  /** Where they come from, and the version of it. */
  readonly source: string
  /** YYYY-MM-DD: when the source was read. */
  readonly date: string
  readonly vendors: readonly PackedVendor[]
}

export interface PackedVendor {
  /** The vendor's name, then others it goes by. */
  readonly names: readonly string[]
  readonly serviceTiers?: { readonly [tier: string]: ServiceTier }
  readonly geo?: { readonly [region: string]: number }
  readonly models: readonly PackedModel[]
  /** Models without a price of their own cost nothing, unless their id ends like one of these. */
  readonly freeUnless?: readonly string[]
  /** Vendors whose models are sold here at their list prices, where there is no row of their own. */
  readonly resells?: readonly string[]
}

/**
 * Names separated by spaces (the first is the id, one with a final `*` is a prefix, the rest are aliases), then the card, then
 * the cards that replaced it, each after its date. A starred id is a prefix as well.
 */
export type PackedModel = readonly [ids: string, card: PackedCard, ...changes: (string | PackedCard)[]]

/** input, output, cacheRead, cacheWrite, cacheWrite1h (0 where there is none, from the third on), then the rest. */
export type PackedCard = readonly (number | PackedExtras)[]

export interface PackedExtras {
  /** [above, input, output, cacheRead, cacheWrite, cacheWrite1h] */
  readonly t?: readonly (readonly number[])[]
  readonly reasoning?: number
  /** Audio tokens: [input, output, cacheRead], 0 where there is none. */
  readonly audio?: readonly number[]
  /** Image tokens: [input, output], 0 where there is none. */
  readonly image?: readonly number[]
  /** USD per thousand web searches. */
  readonly web?: number
  /** USD per thousand requests. */
  readonly req?: number
  readonly windows?: readonly TimeWindow[]
  readonly tiers?: { readonly [tier: string]: ServiceTier }
  readonly geo?: { readonly [region: string]: number }
}

export function namesOf([names]: PackedModel): Required<Names> {
  const all = names.split(' ')
  const [id = '', ...others] = all
  return {
    id: bare(id),
    aliases: others.filter((name) => !name.endsWith('*')),
    prefixes: all.filter((name) => name.endsWith('*')).map(bare),
  }
}

export function entryOf(model: PackedModel, vendor: PackedVendor): PriceEntry {
  const [, card, ...rest] = model
  const changes = []
  for (let i = 0; i < rest.length; i += 2) {
    // Dates and cards alternate: PackedModel cannot say so.
    changes.push({ ...unpackCard(rest[i + 1] as PackedCard, vendor), from: rest[i] as string })
  }
  return { ...namesOf(model), rates: unpackCard(card, vendor), changes }
}

function bare(name: string): string {
  return name.endsWith('*') ? name.slice(0, -1) : name
}

function unpackCard(card: PackedCard, vendor: PackedVendor): RateCard {
  const numbers = card.filter((part) => typeof part === 'number')
  const extras = card.find((part) => typeof part === 'object') ?? {}
  const { t, reasoning, audio, image, web, req, windows, tiers, geo } = extras
  return {
    ...unpackRates(numbers),
    reasoning,
    audioIn: rate(audio?.[0]),
    audioOut: rate(audio?.[1]),
    cacheReadAudio: rate(audio?.[2]),
    imageIn: rate(image?.[0]),
    imageOut: rate(image?.[1]),
    tiers: t?.map(([above = 0, ...rates]): ContextTier => ({ above, rates: unpackRates(rates) })),
    windows,
    serviceTiers: { ...vendor.serviceTiers, ...tiers },
    geo: geo ?? vendor.geo,
    perRequest: {
      request: req === undefined ? undefined : req / 1000,
      webSearch: web === undefined ? undefined : web / 1000,
    },
  }
}

function unpackRates([input = 0, output = 0, cacheRead, cacheWrite, cacheWrite1h]: readonly number[]): {
  input: number
  output: number
  cacheRead: number | undefined
  cacheWrite: number | undefined
  cacheWrite1h: number | undefined
} {
  return { input, output, cacheRead: rate(cacheRead), cacheWrite: rate(cacheWrite), cacheWrite1h: rate(cacheWrite1h) }
}

function rate(packed: number | undefined): number | undefined {
  return packed === 0 ? undefined : packed
}
