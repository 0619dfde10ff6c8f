import { LLMError, Router } from '@wayfare/core'
import type { RouterOptions } from '@wayfare/core'
import { CostTracker } from '@wayfare/cost'
import type { CostTrackerOptions, LimitSettings } from '@wayfare/cost'
import { PriceRegistry } from '@wayfare/pricing'

/** What a tracker is made with; each as in `CostTracker`. */
type TrackerOptions = Pick<
  CostTrackerOptions,
  'onBudget' | 'allowUnpriced' | 'timeZone' | 'onWarning' | 'store' | 'onStoreDown' | 'countTokens'
>

export interface LLMOptions extends Omit<RouterOptions, 'pricing' | 'budget'>, TrackerOptions {
  /** USD. Absent: spending is counted and never refused. A provider that is named here must be one of `providers`. */
  readonly limits?: LimitSettings | undefined
  /** A tracker that several routers share, instead of `limits` and all that goes with them. One without prices adopts `prices`. */
  readonly costs?: CostTracker | undefined
  /** Default: the bundled prices. */
  readonly prices?: PriceRegistry | undefined
}

/** A router that knows prices and keeps limits. */
export interface LLM extends Router {
  readonly costs: CostTracker
  readonly prices: PriceRegistry
}

/**
 * Puts providers, prices and limits together.
 *
 * Throws `config` for an unknown option, a provider name used twice, a rule that leads nowhere, a limit that is no amount or
 * a limit of a provider that is not registered.
 */
export function createLLM(options: LLMOptions): LLM {
  if (typeof options !== 'object' || options === null)
    throw new LLMError('config', 'createLLM has no options; give at least providers and model')
  const { limits, costs, prices = new PriceRegistry(), ...others } = options
  const { onBudget, allowUnpriced, timeZone, onWarning, store, onStoreDown, countTokens, ...rest } = others
  for (const name of Object.keys(rest)) {
    const meant = misnamed.get(name)
    if (meant !== undefined) throw new LLMError('config', `createLLM has no option "${name}"; give ${meant}`)
  }
  const ofTracker = { limits, onBudget, allowUnpriced, timeZone, onWarning, store, onStoreDown, countTokens }
  if (typeof prices?.price !== 'function')
    throw new LLMError('config', 'prices is no PriceRegistry; leave it out for the bundled prices')
  const tracker = costs === undefined ? new CostTracker({ ...ofTracker, pricing: prices }) : shared(costs, ofTracker)
  const router = new Router({ ...rest, pricing: prices, budget: tracker })
  if (limits !== undefined) checkProviders(limits, new Set(options.providers.map(({ name }) => name)))
  // Last, so that a router that could not be made leaves the tracker as it was.
  tracker.adoptPricing(prices)
  return Object.assign(router, { costs: tracker, prices })
}

/** Options of a router that are made here, and near misses of what a router does not know. */
const misnamed: ReadonlyMap<string, string> = new Map([
  ['budget', 'limits, or costs'],
  ['pricing', 'prices'],
  ['limit', 'limits'],
  ['cost', 'costs'],
  ['price', 'prices'],
])

function shared(costs: CostTracker, ofTracker: { readonly [name: string]: unknown }): CostTracker {
  const given = Object.keys(ofTracker).find((name) => ofTracker[name] !== undefined)
  if (given !== undefined)
    throw new LLMError('config', `give either costs or ${given}: a shared tracker has its own limits and options`)
  if (typeof costs?.adoptPricing !== 'function')
    throw new LLMError('config', 'costs is no CostTracker; leave it out, or give new CostTracker({ limits })')
  return costs
}

/** A limit of a provider that nobody can call limits nothing. */
function checkProviders({ providers = {}, models = {} }: LimitSettings, registered: ReadonlySet<string>): void {
  const named = [
    ...Object.keys(providers).map((name) => ({ name, where: `limits.providers["${name}"]` })),
    ...Object.keys(models).map((ref) => ({ name: ref.slice(0, ref.indexOf('/')), where: `limits.models["${ref}"]` })),
  ]
  for (const { name, where } of named) {
    if (registered.has(name)) continue
    const known = [...registered].toSorted().join(', ')
    throw new LLMError('config', `${where}: no provider "${name}" is registered; registered: ${known}`)
  }
}
