import type { Pricing, PricingSource, Usage } from '@wayfare/core'
import type { CostClock } from './clock.ts'
import type { CountTokens } from './estimate.ts'
import type { LimitSettings } from './limits.ts'
import type { CostStore } from './store.ts'

export interface CostTrackerOptions {
  readonly limits?: LimitSettings | undefined
  /** Who knows what a request may cost; without it every model is unpriced. */
  readonly pricing?: Pricing | undefined
  /** Where the ledger is kept. Default: this process's memory. */
  readonly store?: CostStore | undefined
  /** Of the windows: an IANA name. Default UTC. */
  readonly timeZone?: string | undefined
  /**
   * When a request does not fit under a hard limit: `reject` it (the default), `wait` until calls under way have freed enough
   * (or the signal aborts), or `shrink` its `maxOutputTokens` to what fits. A call that sets no `maxOutputTokens` is always
   * shrunk, to 16 at least.
   */
  readonly onBudget?: 'reject' | 'wait' | 'shrink' | undefined
  /** Lets models without a known price run under a hard limit; their cost is counted as unpriced, not as money. */
  readonly allowUnpriced?: boolean | undefined
  /** Counts texts by tokens; without it a byte counts as one, which no tokenizer exceeds. */
  readonly countTokens?: CountTokens | undefined
  /** What a call that sets no `maxOutputTokens` asks for under a hard limit. Default 16,384. */
  readonly maxOutputTokens?: number | undefined
  readonly clock?: CostClock | undefined
  /** A limit of 0 that disables, and a settlement that no reservation belongs to; each once. */
  readonly onWarning?: ((warning: CostWarning) => void) | undefined
}

export interface CostWarning {
  readonly code: 'limit_zero' | 'unknown_attempt'
  readonly message: string
}

/** Spend that happened outside the router. */
export interface RecordedSpend {
  readonly session: string
  readonly costUsd: number
  readonly usage?: Partial<Usage> | undefined
  readonly provider?: string | undefined
  readonly model?: string | undefined
  readonly pricingSource?: PricingSource | undefined
}

/** `exceeded` from the moment that the limit is reached. */
export type LimitState = 'within' | 'soft_exceeded' | 'hard_exceeded'
