import { levelsOfCard, type Card } from './card.ts'
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
  readonly #ranges = new Map<string | undefined, readonly RateRange[]>()
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
   * hours, regions and context tiers that it can reach. Fees per request count; web searches are not known before.
   */
  of(
    inputTokens: number,
    maxOutputTokens: number | undefined,
    serviceTier: string | undefined,
  ): { minUsd: number; maxUsd: number } {
    let ranges = this.#ranges.get(serviceTier)
    if (ranges === undefined) {
      ranges = rangesOf(this.#card, serviceTier)
      // Tiers that the card does not know share its plain ranges, so that strangers' words are not remembered.
      if (serviceTier === undefined || Object.hasOwn(this.#card.raw.serviceTiers ?? {}, serviceTier))
        this.#ranges.set(serviceTier, ranges)
    }
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

/** From the largest prompts down. A larger prompt may also meet the rates of a smaller one: estimates are not exact. */
function rangesOf(card: Card, serviceTier: string | undefined): RateRange[] {
  const levels = levelsOfCard(card, serviceTier)
  const steps = new Set([-Infinity, ...levels.flatMap(({ tiers }) => tiers.map(({ above }) => above))])
  return [...steps]
    .sort((a, b) => b - a)
    .map((above) => {
      const rates = levels.flatMap(({ base, tiers }) => [
        base,
        ...tiers.filter((tier) => tier.above <= above).map((tier) => tier.rates),
      ])
      return {
        above,
        minRead: Math.min(...rates.flatMap(reading)),
        maxRead: Math.max(...rates.flatMap(reading)),
        maxWrite: Math.max(...rates.flatMap(writing)),
      }
    })
}

function reading({ usdPerMTok: rates }: FullRates): number[] {
  const { input, cacheRead, cacheWrite, cacheWrite1h, audioIn, cacheReadAudio, imageIn } = rates
  return [input, cacheRead, cacheWrite, cacheWrite1h, audioIn, cacheReadAudio, imageIn]
}

function writing({ usdPerMTok: { output, reasoning, audioOut, imageOut } }: FullRates): number[] {
  return [output, reasoning, audioOut, imageOut]
}
