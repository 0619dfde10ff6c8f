import type { CostBounds } from './bounds.ts'
import { components } from './component.ts'
import { PriceConfigError } from './error.ts'
import { checkNumber, fullRates, largestFactor, scaled, timesFactor, type FullRates } from './full-rates.ts'
import type { ContextTier, Fees, PartialRates, RateCard, Rates, ServiceTier } from './rates.ts'
import { isOpen, openHours, type OpenHours } from './time-window.ts'

/** The rates of a card at one time and service tier, by the size of the prompt. */
export interface Levels {
  readonly base: FullRates
  /** From the largest down; a tier holds for prompts of more than `above` tokens. */
  readonly tiers: readonly { readonly above: number; readonly rates: FullRates }[]
}

/** A rate card, checked and made ready. */
export interface Card {
  /** Unix milliseconds from which it holds. */
  readonly from: number
  readonly raw: RateCard
  /** Neither hours nor service tiers. */
  readonly plain: Levels
  readonly timed: readonly { readonly open: OpenHours; readonly variant: Variant }[]
  readonly untimed: Variant
  readonly geo: ReadonlyMap<string, number> | undefined
  /** Absent when nothing but tokens is charged. */
  readonly fees: Fees | undefined
  /** Made when they are first asked for. */
  bounds: CostBounds | undefined
}

interface Variant {
  readonly levels: Levels
  readonly serviceTiers: ReadonlyMap<string, Levels>
}

/** Throws a `config` error when a rate or a fee is not a number from zero to a million. */
export function compileCard(raw: RateCard, where: string, from: string | undefined): Card {
  const start = from === undefined ? -Infinity : Date.parse(`${from}T00:00:00Z`)
  if (Number.isNaN(start)) throw new PriceConfigError(`${where}: "${from}" is not a date; write it like 2026-03-13`)
  for (const factor of Object.values(raw.geo ?? {})) checkNumber(factor, where, largestFactor)
  const { request, webSearch } = raw.perRequest ?? {}
  for (const fee of [request, webSearch]) if (fee !== undefined) checkNumber(fee, where)
  const untimed = variant(raw, raw, where)
  return {
    from: start,
    raw,
    plain: untimed.levels,
    untimed,
    timed: (raw.windows ?? []).map((window) => ({
      open: openHours(window),
      variant: variant(overlay(raw, window.rates), raw, where),
    })),
    geo: raw.geo === undefined ? undefined : new Map(Object.entries(raw.geo)),
    fees: request === undefined && webSearch === undefined ? undefined : raw.perRequest,
    bounds: undefined,
  }
}

/** The rates in force: window, then service tier, then the size of the prompt, then the region. */
export function ratesAt(
  card: Card,
  at: number,
  serviceTier: string | undefined,
  promptTokens: number,
  region: string | undefined,
): FullRates {
  let levels = card.plain
  if (serviceTier !== undefined || card.timed.length > 0) {
    const { levels: plain, serviceTiers } = card.timed.find(({ open }) => isOpen(open, at))?.variant ?? card.untimed
    levels = (serviceTier === undefined ? undefined : serviceTiers.get(serviceTier)) ?? plain
  }
  const rates = ratesFor(levels, promptTokens)
  if (region === undefined || card.geo === undefined) return rates
  return inRegion(rates, card.geo.get(region.toLowerCase()) ?? card.geo.get('*') ?? 1)
}

/** What a card may charge by at any hour: plainly, and when one of the service tiers serves. */
export function levelsOfCard(card: Card, serviceTiers: readonly string[]): Levels[] {
  return [card.untimed, ...card.timed.map(({ variant: timed }) => timed)].flatMap(
    ({ levels, serviceTiers: served }) => [levels, ...serviceTiers.flatMap((name) => served.get(name) ?? [])],
  )
}

type Leveled = Rates & { readonly tiers?: readonly ContextTier[] | undefined }

function variant(rates: Leveled, { serviceTiers = {} }: RateCard, where: string): Variant {
  const named = Object.entries(serviceTiers).map(
    ([name, tier]) => [name, levelsOf(served(rates, tier, where), where)] as const,
  )
  return { levels: levelsOf(rates, where), serviceTiers: new Map(named) }
}

function served(rates: Leveled, tier: ServiceTier, where: string): Leveled {
  if (typeof tier !== 'number') return overlay(rates, tier)
  checkNumber(tier, where, largestFactor)
  const tiers = rates.tiers?.map((step) => ({ ...step, rates: scaled(step.rates, tier) }))
  return { ...rates, ...scaled(rates, tier), tiers }
}

function levelsOf(rates: Leveled, where: string): Levels {
  const tiers = (rates.tiers ?? []).map((tier) => ({
    above: tier.inclusive === true ? tier.above - 1 : tier.above,
    rates: fullRates(overlay(rates, tier.rates), where),
  }))
  return { base: fullRates(rates, where), tiers: tiers.sort((a, b) => b.above - a.above) }
}

function ratesFor({ base, tiers }: Levels, promptTokens: number): FullRates {
  for (const tier of tiers) if (promptTokens > tier.above) return tier.rates
  return base
}

const regional = new WeakMap<FullRates, Map<number, FullRates>>()

function inRegion(rates: FullRates, factor: number): FullRates {
  if (factor === 1) return rates
  let byFactor = regional.get(rates)
  if (byFactor === undefined) regional.set(rates, (byFactor = new Map()))
  let made = byFactor.get(factor)
  if (made === undefined) byFactor.set(factor, (made = timesFactor(rates, factor)))
  return made
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The base with what the change states. */
function overlay(
  base: Leveled,
  change: PartialRates & { readonly tiers?: readonly ContextTier[] | undefined },
): Leveled {
  const rates: Mutable<Leveled> = { ...base, tiers: change.tiers ?? base.tiers }
  for (const [component] of components) {
    const rate = change[component]
    if (rate !== undefined) rates[component] = rate
  }
  return rates
}
