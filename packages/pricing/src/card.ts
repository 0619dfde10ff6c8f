import { PriceConfigError } from './error.ts'
import type { ContextTier, Fees, PartialRates, RateCard, Rates, ServiceTier } from './rates.ts'
import { isOpen, openHours, type OpenHours } from './time-window.ts'

/** Every rate present; which of them are stand-ins is known. */
export interface FullRates extends Required<{ [K in keyof Rates]: number }> {
  readonly assumed: { readonly [K in keyof Rates]?: boolean }
}

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
  readonly geo?: { readonly [region: string]: number } | undefined
  readonly fees?: Fees | undefined
}

interface Variant {
  readonly levels: Levels
  readonly serviceTiers: ReadonlyMap<string, Levels>
}

/** Throws a `config` error when a rate is not a number of zero or more. */
export function compileCard(raw: RateCard, where: string, from: string | undefined): Card {
  const start = from === undefined ? -Infinity : Date.parse(`${from}T00:00:00Z`)
  if (Number.isNaN(start)) throw new PriceConfigError(`${where}: "${from}" is not a date; write it like 2026-03-13`)
  for (const factor of Object.values(raw.geo ?? {})) checkNumber(factor, where)
  for (const fee of Object.values(raw.perRequest ?? {})) if (fee !== undefined) checkNumber(fee, where)
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
    geo: raw.geo,
    fees: raw.perRequest,
  }
}

/** The rates in force: window, then service tier, then the size of the prompt. */
export function ratesAt(card: Card, at: number, serviceTier: string | undefined, promptTokens: number): FullRates {
  let levels = card.plain
  if (serviceTier !== undefined || card.timed.length > 0) {
    const { levels: plain, serviceTiers } = card.timed.find(({ open }) => isOpen(open, at))?.variant ?? card.untimed
    levels = (serviceTier === undefined ? undefined : serviceTiers.get(serviceTier)) ?? plain
  }
  for (const tier of levels.tiers) if (promptTokens > tier.above) return tier.rates
  return levels.base
}

/** What a card may charge by at any hour, when the named service tier (or none) serves. */
export function levelsOfCard(card: Card, serviceTier: string | undefined): Levels[] {
  return [card.untimed, ...card.timed.map(({ variant: timed }) => timed)].map(
    ({ levels, serviceTiers }) => (serviceTier === undefined ? undefined : serviceTiers.get(serviceTier)) ?? levels,
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
  checkNumber(tier, where)
  const tiers = rates.tiers?.map((step) => ({ ...step, rates: scaled(step.rates, tier) }))
  return { ...rates, ...scaled(rates, tier), tiers }
}

const components = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite',
  'cacheWrite1h',
  'reasoning',
  'audioIn',
  'audioOut',
] as const satisfies readonly (keyof Rates)[]

function scaled<R extends PartialRates>(rates: R, factor: number): R {
  const changed: { -readonly [K in keyof Rates]?: number } = {}
  for (const key of components) {
    const rate = rates[key]
    // Twelve digits keep 3 * 1.1 at 3.3.
    if (rate !== undefined) changed[key] = Number((rate * factor).toPrecision(12))
  }
  return { ...rates, ...changed }
}

function levelsOf(rates: Leveled, where: string): Levels {
  const tiers = (rates.tiers ?? []).map((tier) => ({
    above: tier.inclusive === true ? tier.above - 1 : tier.above,
    rates: fill(overlay(rates, tier.rates), where),
  }))
  return { base: fill(rates, where), tiers: tiers.sort((a, b) => b.above - a.above) }
}

function fill(rates: Rates, where: string): FullRates {
  for (const key of components) {
    const rate = rates[key]
    if (rate !== undefined || key === 'input' || key === 'output') checkNumber(rate, where)
  }
  const { input, output, cacheRead, cacheWrite, cacheWrite1h, reasoning, audioIn, audioOut } = rates
  const write = cacheWrite ?? input
  return {
    input,
    output,
    cacheRead: cacheRead ?? input,
    cacheWrite: write,
    cacheWrite1h: cacheWrite1h ?? (write > input ? Math.max(write, 2 * input) : write),
    reasoning: reasoning ?? output,
    audioIn: audioIn ?? input,
    audioOut: audioOut ?? output,
    assumed: {
      cacheRead: cacheRead === undefined,
      cacheWrite: cacheWrite === undefined,
      cacheWrite1h: cacheWrite1h === undefined,
      reasoning: reasoning === undefined,
      audioIn: audioIn === undefined,
      audioOut: audioOut === undefined,
    },
  }
}

function checkNumber(value: unknown, where: string): void {
  if (typeof value === 'number' && value >= 0 && value < Infinity) return
  throw new PriceConfigError(`${where} has a price that is not a number of zero or more; leave out what is unknown`)
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The base with what the change states. */
function overlay(
  base: Leveled,
  change: PartialRates & { readonly tiers?: readonly ContextTier[] | undefined },
): Leveled {
  const rates: Mutable<Leveled> = { ...base, tiers: change.tiers ?? base.tiers }
  for (const key of components) {
    const rate = change[key]
    if (rate !== undefined) rates[key] = rate
  }
  return rates
}
