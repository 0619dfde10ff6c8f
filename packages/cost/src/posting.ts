import type { Settlement, Usage } from '@wayfare/core'
import { nanoUp } from './nano.ts'
import type { Posting } from './store.ts'

/** USD. No attempt costs more; what says so is counted as this much, so that limits stop and sums stay exact. */
export const dearestUsd = 1e6
/** No request has more tokens. */
export const mostTokens = 1e12

type Settled = Omit<Settlement, 'usage' | 'usageSource'> & { readonly usage: Partial<Usage> }

/** What a settlement adds to the ledger. Figures that cannot be right are put right, and `problems` says which. */
export function postingOf({ costUsd, usage, pricingSource, message }: Settled, problems: string[] = []): Posting {
  const { input, cacheRead, cacheWrite, cacheWrite1h, output } = usage
  const nano = nanoOf(costUsd, problems)
  return {
    nano,
    inputTokens:
      count(input, 'input', problems) +
      count(cacheRead, 'cacheRead', problems) +
      count(cacheWrite, 'cacheWrite', problems) +
      count(cacheWrite1h, 'cacheWrite1h', problems),
    outputTokens: count(output, 'output', problems),
    message,
    source: nano === undefined ? 'unknown' : pricingSource,
  }
}

function count(tokens: unknown, name: string, problems: string[]): number {
  if (tokens === undefined) return 0
  if (typeof tokens === 'number' && tokens >= 0 && tokens <= mostTokens) return Math.round(tokens)
  problems.push(`${name} is not a token count`)
  return 0
}

/** Undefined: a cost that is no amount is not known. */
function nanoOf(costUsd: unknown, problems: string[]): number | undefined {
  if (costUsd === undefined) return undefined
  if (typeof costUsd !== 'number' || !(costUsd >= 0 && costUsd < Infinity)) {
    problems.push('costUsd is not an amount')
    return undefined
  }
  if (costUsd <= dearestUsd) return nanoUp(costUsd)
  problems.push(`costUsd is beyond ${dearestUsd} USD`)
  return nanoUp(dearestUsd)
}
