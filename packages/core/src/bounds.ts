import type { ModelTarget } from './contract/model.ts'
import type { BoundsCall } from './contract/pricing.ts'
import type { Draft } from './draft.ts'
import type { Engine } from './engine.ts'
import { roughInput } from './estimate.ts'
import type { ResolvedCall } from './resolve.ts'

/** USD; absent when the price is unknown, and the most also when output has no limit. */
export interface Bounds {
  readonly minUsd?: number
  readonly maxUsd?: number
}

/** The least and the most that a call can cost at a target. */
export function boundsOf(
  engine: Engine,
  { call, messages, toolList }: Pick<ResolvedCall, 'call' | 'messages' | 'toolList'>,
  target: ModelTarget,
): Bounds {
  const { maxOutputTokens } = call
  const vendor = engine.providers.get(target.provider)?.vendor
  const ask: Draft<BoundsCall> = {
    provider: target.provider,
    model: target.model,
    inputTokens: roughInput({ messages, tools: toolList }),
  }
  if (vendor !== undefined) ask.vendor = vendor
  if (maxOutputTokens !== undefined) ask.maxOutputTokens = maxOutputTokens
  const found = engine.pricing?.bounds?.(ask)
  if (found === undefined) return {}
  // Without a limit of output there is no most; a plan is often printed as JSON, which has no Infinity.
  return Number.isFinite(found.maxUsd) ? found : { minUsd: found.minUsd }
}
