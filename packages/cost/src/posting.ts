import type { Settlement, Usage } from '@wayfare/core'
import { nanoUp } from './nano.ts'
import type { Posting } from './store.ts'

type Settled = Omit<Settlement, 'usage' | 'usageSource'> & { readonly usage: Partial<Usage> }

/** What a settlement adds to the ledger. */
export function postingOf({ costUsd, usage, pricingSource, message }: Settled): Posting {
  const { input = 0, cacheRead = 0, cacheWrite = 0, cacheWrite1h = 0, output = 0 } = usage
  // A cost that is no amount is not known.
  const priced = costUsd !== undefined && costUsd >= 0 && costUsd < Infinity
  return {
    nano: priced ? nanoUp(costUsd) : undefined,
    inputTokens: input + cacheRead + cacheWrite + cacheWrite1h,
    outputTokens: output,
    message,
    source: priced ? pricingSource : 'unknown',
  }
}
