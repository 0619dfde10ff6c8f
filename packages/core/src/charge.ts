import type { ProviderRequest } from './contract/provider.ts'
import type { Usage, UsageSource } from './contract/usage.ts'
import type { LLMError } from './error.ts'
import { estimateReceived, estimateTexts } from './estimate.ts'
import type { Fold } from './fold.ts'
import { checkUsage, noUsage } from './usage.ts'
import type { CheckedUsage } from './usage.ts'

/** How fast a model can have written unseen, in tokens per second. */
const unseenTokensPerSecond = 100
/** A request that dies sooner was most likely never worked on. */
const unseenGraceMs = 1_000

export interface Charge {
  readonly usage: Usage
  readonly usageSource: UsageSource
  readonly billed: 'no' | 'yes' | 'unknown'
  /** What was wrong with the reported figures. */
  readonly problems: readonly string[]
}

const nothing: Charge = { usage: noUsage, usageSource: 'none', billed: 'no', problems: [] }

/** Input tokens of the request, where the vendor did not count them. */
type CountInput = () => number

/** What an attempt that answered is charged for. */
export function chargeAnswer(fold: Fold, request: ProviderRequest, countInput: CountInput): Charge {
  const { usage, problems } = checkReported(fold)
  const output = fold.usage.output === undefined ? atMost(request, estimateTexts(fold.received())) : usage.output
  if (!fold.usageSeen) {
    return { ...checkUsage({ input: countInput(), output }), usageSource: 'estimated', billed: 'yes' }
  }
  if (output === usage.output) return { usage, problems, usageSource: 'reported', billed: 'yes' }
  // The vendor counted one side only.
  return { usage: { ...usage, output, total: usage.total + output }, problems, usageSource: 'partial', billed: 'yes' }
}

/**
 * What an attempt that failed is charged for: the vendor bills what it has read and written. `elapsedMs` counts from the
 * moment it was sent; undefined means never.
 */
export function chargeFailure(
  fold: Fold,
  request: ProviderRequest,
  error: LLMError,
  elapsedMs: number | undefined,
  countInput: CountInput,
): Charge {
  if (elapsedMs === undefined) return nothing
  if (fold.progress > 0) return chargeReceived(fold, request, countInput)
  if (error.billed === 'no') return nothing
  if (error.billed === 'yes' || fold.started !== undefined) return chargeReceived(fold, request, countInput)
  return chargeUnseen(request, elapsedMs, countInput)
}

/**
 * What a cancelled attempt is charged for where a limit must hold and nobody knows that the vendor stops when its client leaves:
 * all that it may go on to write.
 */
export function chargeRunningOn(seen: Charge, { maxOutputTokens = 0 }: ProviderRequest): Charge {
  if (seen.usage.total === 0 || seen.usage.output >= maxOutputTokens) return seen
  const { usage } = checkUsage({ ...seen.usage, output: maxOutputTokens })
  return { ...seen, usage, usageSource: 'worst_case' }
}

function chargeReceived(fold: Fold, request: ProviderRequest, countInput: CountInput): Charge {
  const { usage: reported, problems } = checkReported(fold)
  const inputKnown = reported.input + reported.cacheRead + reported.cacheWrite + reported.cacheWrite1h > 0
  const output = Math.max(reported.output, atMost(request, estimateReceived(fold.received())))
  const { usage } = checkUsage({ ...fold.usage, ...(!inputKnown && { input: countInput() }), output })
  return { usage, usageSource: fold.usageSeen ? 'partial' : 'estimated', billed: 'yes', problems }
}

function checkReported(fold: Fold): CheckedUsage {
  const { usage, problems } = checkUsage(fold.usage)
  return { usage, problems: fold.problems.length === 0 ? problems : [...new Set([...fold.problems, ...problems])] }
}

/** The request went out and nothing came back: nobody knows how far the model got. */
function chargeUnseen(request: ProviderRequest, elapsedMs: number, countInput: CountInput): Charge {
  if (elapsedMs < unseenGraceMs) return { ...nothing, billed: 'unknown' }
  const written = Math.floor((elapsedMs / 1_000) * unseenTokensPerSecond)
  const output = atMost(request, written)
  return { ...checkUsage({ input: countInput(), output }), usageSource: 'estimated', billed: 'unknown' }
}

/** An estimate never says that a model wrote more than it was allowed to: that much was set aside under a limit. */
function atMost({ maxOutputTokens = Infinity }: ProviderRequest, tokens: number): number {
  return Math.min(maxOutputTokens, tokens)
}
