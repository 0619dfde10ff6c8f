import type { ModelTarget } from './contract/model.ts'
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
  const found = engine.pricing?.bounds?.({
    ...target,
    ...(vendor !== undefined && { vendor }),
    inputTokens: roughInput({ messages, tools: toolList }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  })
  if (found === undefined) return {}
  // Without a limit of output there is no most; a plan is often printed as JSON, which has no Infinity.
  return Number.isFinite(found.maxUsd) ? found : { minUsd: found.minUsd }
}
