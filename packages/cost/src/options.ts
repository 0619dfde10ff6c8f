import type { Pricing, PricingSource, Usage } from '@wayfare/core'
import type { CostClock } from './clock.ts'
import { CostConfigError } from './error.ts'
import type { CountTokens } from './estimate.ts'
import type { LimitSettings } from './limits.ts'
import { checkKeys, checkObject, checkOneOf } from './shape.ts'
import type { CostStore } from './store.ts'

export interface CostTrackerOptions {
  readonly limits?: LimitSettings | undefined
  /** Who knows what a request may cost; without it, and until `adoptPricing`, every model is unpriced. */
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
  /**
   * While the store does not answer: `closed` (the default) refuses calls with a `store` error; `open` lets them go on,
   * beyond their limits if need be, and posts them when the store is back; `lease` lets them spend what this process has
   * reserved for that, of each set of limits 5 % of what is left and a dollar at most, so that limits hold.
   */
  readonly onStoreDown?: 'closed' | 'open' | 'lease' | undefined
  readonly clock?: CostClock | undefined
  /**
   * A limit of 0 that disables, a call that names no session (or agent) where each one is limited, a settlement that no
   * reservation belongs to, calls that go on without the store, and a settlement that the store never takes; each once.
   * Default: nobody is told.
   */
  readonly onWarning?: ((warning: CostWarning) => void) | undefined
}

export interface CostWarning {
  readonly code: 'limit_zero' | 'limit_passed_by' | 'unknown_attempt' | 'store_down' | 'given_up'
  readonly message: string
}

/** Spend that happened outside the router. */
export interface RecordedSpend {
  /** Of the attempt: spend with the id of what was recorded before is not recorded again. */
  readonly id?: string | undefined
  /** Without it only the other scopes count. */
  readonly session?: string | undefined
  /** Default: the part of the session before its first colon, if it has one. */
  readonly agent?: string | undefined
  readonly tags?: { readonly [tag: string]: string } | undefined
  readonly costUsd: number
  readonly usage?: Partial<Usage> | undefined
  readonly provider?: string | undefined
  readonly model?: string | undefined
  readonly pricingSource?: PricingSource | undefined
}

/** `exceeded` from the moment that the limit is reached. */
export type LimitState = 'within' | 'soft_exceeded' | 'hard_exceeded'

// An object, not a list, so that the compiler finds a forgotten name.
const names: Record<keyof CostTrackerOptions, true> = {
  limits: true,
  pricing: true,
  store: true,
  timeZone: true,
  onBudget: true,
  allowUnpriced: true,
  countTokens: true,
  maxOutputTokens: true,
  onStoreDown: true,
  clock: true,
  onWarning: true,
}

/** Throws a `config` error for an option that nobody knows or that cannot be right. */
export function checkOptions(options: CostTrackerOptions): void {
  checkObject(options, 'the options of the tracker', 'they look like { limits: { session: { hard: 1 } } }')
  checkKeys(options, Object.keys(names), 'the tracker')
  const { onBudget, allowUnpriced, maxOutputTokens, timeZone, countTokens, onWarning } = options
  const { onStoreDown } = options
  if (onStoreDown !== undefined) checkOneOf(onStoreDown, ['closed', 'open', 'lease'], 'onStoreDown')
  if (onBudget !== undefined) checkOneOf(onBudget, ['reject', 'wait', 'shrink'], 'onBudget')
  const types = { allowUnpriced: 'boolean', timeZone: 'string', countTokens: 'function', onWarning: 'function' }
  const given = { allowUnpriced, timeZone, countTokens, onWarning }
  for (const name of ['allowUnpriced', 'timeZone', 'countTokens', 'onWarning'] as const) {
    if (given[name] !== undefined && typeof given[name] !== types[name])
      throw new CostConfigError(`${name} is not a ${types[name]}; leave it out or give one`)
  }
  if (maxOutputTokens !== undefined && !(Number.isInteger(maxOutputTokens) && maxOutputTokens > 0))
    throw new CostConfigError('maxOutputTokens is not a whole number above zero; leave it out for 16,384')
}
