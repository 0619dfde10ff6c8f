import { levelsOfCard, type Card, type Levels } from './card.ts'
import type { FullRates } from './full-rates.ts'

/** The cheapest and the dearest of the rates that a request of some size can meet. */
interface RateRange {
  /** Holds for prompts of more tokens than this. */
  readonly above: number
  readonly minRead: number
  readonly maxRead: number
  readonly maxWrite: number
}

/** Bounds of requests to one model; what does not depend on the request is made once. */
export class CostBounds {
  readonly #card: Card
  /** By the tier that is asked for; see `Asked`. */
  readonly #ranges = new Map<Asked, readonly RateRange[]>()
  readonly #minFactor: number
  readonly #maxFactor: number

  constructor(card: Card) {
    this.#card = card
    const factors = [1, ...(card.geo?.values() ?? [])]
    this.#minFactor = Math.min(...factors)
    this.#maxFactor = Math.max(...factors)
  }

  /**
   * The least and the most that a request can cost: every input token at the cheapest and the dearest of its rates, over all
   * hours, regions, context tiers and service tiers that it can reach. Fees per request count; web searches are not known before.
   */
  of(
    inputTokens: number,
    maxOutputTokens: number | undefined,
    serviceTier: string | undefined,
  ): { minUsd: number; maxUsd: number } {
    const asked = askedOf(this.#card, serviceTier)
    let ranges = this.#ranges.get(asked)
    if (ranges === undefined) this.#ranges.set(asked, (ranges = rangesOf(this.#card, asked)))
    const fee = this.#card.fees?.request ?? 0
    for (const { above, minRead, maxRead, maxWrite } of ranges) {
      if (inputTokens <= above) continue
      const output = maxWrite === 0 ? 0 : maxWrite * (maxOutputTokens ?? Infinity)
      return {
        minUsd: (inputTokens * minRead * this.#minFactor) / 1e6 + fee,
        maxUsd: ((inputTokens * maxRead + (maxOutputTokens === 0 ? 0 : output)) * this.#maxFactor) / 1e6 + fee,
      }
    }
    return { minUsd: fee, maxUsd: fee }
  }
}

/** The bounds of requests at a card. */
export function boundsOf(card: Card): CostBounds {
  card.bounds ??= new CostBounds(card)
  return card.bounds
}

/** A tier that the card lists; `any` where the vendor chooses; `plain` for the rest, so that no stranger's words are kept. */
type Asked = string | typeof any | typeof plain

const any: unique symbol = Symbol('any')
const plain: unique symbol = Symbol('plain')

function askedOf({ raw: { serviceTiers = {} } }: Card, serviceTier: string | undefined): Asked {
  if (serviceTier === undefined || serviceTier === 'auto') return any
  return Object.hasOwn(serviceTiers, serviceTier) ? serviceTier : plain
}

/**
 * The least is what the cheapest tier costs that was asked for: a vendor does not give one unasked. The most is what the
 * dearest costs that may serve: one that is asked for may be declined, and the plain rates hold then.
 */
function levelsFor(card: Card, asked: Asked): { readonly least: readonly Levels[]; readonly most: readonly Levels[] } {
  if (asked === plain) return same(levelsOfCard(card, []))
  if (asked !== any) return same(levelsOfCard(card, [asked]))
  return { least: levelsOfCard(card, []), most: levelsOfCard(card, Object.keys(card.raw.serviceTiers ?? {})) }
}

function same(levels: readonly Levels[]): { readonly least: readonly Levels[]; readonly most: readonly Levels[] } {
  return { least: levels, most: levels }
}

/** From the largest prompts down. A larger prompt may also meet the rates of a smaller one: estimates are not exact. */
function rangesOf(card: Card, asked: Asked): RateRange[] {
  const { least, most } = levelsFor(card, asked)
  const steps = new Set([-Infinity, ...most.flatMap(({ tiers }) => tiers.map(({ above }) => above))])
  return [...steps]
    .sort((a, b) => b - a)
    .map((above) => {
      const dear = reachable(most, above)
      return {
        above,
        minRead: Math.min(...reachable(least, above).flatMap(reading)),
        maxRead: Math.max(...dear.flatMap(reading)),
        maxWrite: Math.max(...dear.flatMap(writing)),
      }
    })
}

function reachable(levels: readonly Levels[], above: number): FullRates[] {
  return levels.flatMap(({ base, tiers }) => [
    base,
    ...tiers.filter((tier) => tier.above <= above).map((tier) => tier.rates),
  ])
}

function reading({ usdPerMTok: rates }: FullRates): number[] {
  const { input, cacheRead, cacheWrite, cacheWrite1h, audioIn, cacheReadAudio, imageIn } = rates
  return [input, cacheRead, cacheWrite, cacheWrite1h, audioIn, cacheReadAudio, imageIn]
}

function writing({ usdPerMTok: { output, reasoning, audioOut, imageOut } }: FullRates): number[] {
  return [output, reasoning, audioOut, imageOut]
}
