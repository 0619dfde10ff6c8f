import { LLMError, Router } from '@wayfare/core'
import type { RouterOptions } from '@wayfare/core'
import { CostTracker } from '@wayfare/cost'
import type { CostTrackerOptions, LimitSettings } from '@wayfare/cost'
import { PriceRegistry } from '@wayfare/pricing'

export interface LLMOptions extends Omit<RouterOptions, 'pricing' | 'budget'> {
  /** USD. Absent: spending is counted and never refused. */
  readonly limits?: LimitSettings | undefined
  /** A tracker that several routers share; instead of `limits` and `onBudget`. */
  readonly costs?: CostTracker | undefined
  /** Default: the bundled prices. */
  readonly prices?: PriceRegistry | undefined
  /** What a call does that a hard limit has no room for now. Default `reject`. */
  readonly onBudget?: CostTrackerOptions['onBudget']
}

/** A router that knows prices and keeps limits. */
export interface LLM extends Router {
  readonly costs: CostTracker
  readonly prices: PriceRegistry
}

/**
 * Puts providers, prices and limits together.
 *
 * Throws `config` for an unknown option, a provider name used twice, a rule that leads nowhere or a limit that is no amount.
 */
export function createLLM(options: LLMOptions): LLM {
  const { limits, costs, prices = new PriceRegistry(), onBudget, ...rest } = options
  if (costs !== undefined && (limits !== undefined || onBudget !== undefined)) {
    throw new LLMError('config', 'give either costs or limits and onBudget: a shared tracker has its own')
  }
  const tracker = costs ?? new CostTracker({ limits, onBudget, pricing: prices })
  return Object.assign(new Router({ ...rest, pricing: prices, budget: tracker }), { costs: tracker, prices })
}
