import type { PricingSource, Usage } from './usage.ts'

/** The port that prices a call; `@wayfare/pricing` implements it. */
export interface Pricing {
  price(call: PriceCall): Price
  /** The least and the most that a request can cost; absent when unknown. For `plan()` and reservations. */
  bounds?(request: BoundsCall): { readonly minUsd: number; readonly maxUsd: number } | undefined
  /** The same prices for ever, whatever becomes of these: an attempt is billed by those it began with. Absent: they never change. */
  pin?(): Pricing
}

export interface PriceCall {
  readonly provider: string
  readonly model: string
  readonly vendor?: string
  readonly usage: Usage
  /** USD as the vendor reported it; zero is an answer. */
  readonly reportedUsd?: number
  /** Unix milliseconds; default now. */
  readonly at?: number
  readonly serviceTier?: string
}

export interface BoundsCall {
  readonly provider: string
  readonly model: string
  readonly vendor?: string
  readonly inputTokens: number
  readonly maxOutputTokens?: number
  /** The tier that is asked for. */
  readonly serviceTier?: string
}

export type Price =
  | {
      readonly priced: true
      readonly usd: number
      /** The exact figure as an integer of 1e-12 USD. */
      readonly pico: number
      readonly source: Exclude<PricingSource, 'unknown'>
      readonly breakdown: readonly PriceLine[]
      readonly stale: boolean
      /** YYYY-MM-DD. */
      readonly priceDate?: string
      readonly matched?: {
        readonly id: string
        readonly how: 'exact' | 'alias' | 'normalised' | 'prefix' | 'upstream'
      }
    }
  | { readonly priced: false; readonly usd?: undefined; readonly source: 'unknown' }

export interface PriceLine {
  readonly component: string
  readonly quantity: number
  readonly usdPerMTok: number
  readonly pico: number
  /** The vendor publishes no rate of its own for this component: a documented stand-in was used. */
  readonly assumed?: true
}
