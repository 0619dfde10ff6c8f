import type { ModelTarget } from './contract/model.ts'
import type { Plan, PlannedTarget, SkipReason } from './contract/plan.ts'
import type { Provider } from './contract/provider.ts'
import { boundsOf } from './bounds.ts'
import type { Draft } from './draft.ts'
import type { Engine } from './engine.ts'
import { keyOf } from './reference.ts'
import type { ResolvedCall } from './resolve.ts'
import { targetOf, thresholdRules } from './rules.ts'
import { none, withOne } from './short-list.ts'

/** Where a call would go as things stand: its group in order, then every fallback in the order of its rule. */
export function planCall(engine: Engine, resolved: ResolvedCall): Plan {
  // Lists of its own: it is handed out, and an empty one that all share is for nobody to fill.
  const plan: Draft<Plan> = { targets: [], skipped: [] }
  let seen: readonly string[] = none
  for (const { target, because } of resolved.group) {
    consider(engine, resolved, plan, seen, target, because, target === resolved.primary && isLow(engine, resolved))
    seen = withOne(seen, keyOf(target))
  }
  for (const rule of resolved.rules) {
    if (rule.action !== 'switch') continue
    const target = targetOf(rule, resolved.primary)
    consider(engine, resolved, plan, seen, target, rule.because, false)
    seen = withOne(seen, keyOf(target))
  }
  return plan
}

function consider(
  engine: Engine,
  resolved: ResolvedCall,
  plan: Draft<Plan>,
  seen: readonly string[],
  target: ModelTarget,
  because: string,
  low: boolean,
): void {
  const { provider, model } = target
  const reason = skipReason(engine, resolved, target, seen) ?? (low ? 'low_funds' : undefined)
  if (reason !== undefined) {
    plan.skipped = withOne(plan.skipped, { provider, model, reason })
    return
  }
  const planned: Draft<PlannedTarget> = { provider, model, because }
  const { minUsd, maxUsd } = boundsOf(engine, resolved, target)
  if (minUsd !== undefined) planned.minUsd = minUsd
  if (maxUsd !== undefined) planned.maxUsd = maxUsd
  plan.targets = withOne(plan.targets, planned)
}

/** What a request needs that a model is known not to have; undefined when nothing is missing. */
export function missingTrait(
  provider: Provider,
  model: string,
  resolved: Pick<ResolvedCall, 'messages' | 'toolList'>,
): string | undefined {
  const traits = provider.traits?.(model)
  if (traits === undefined) return undefined
  if (traits.tools === false && resolved.toolList.length > 0) return 'tools'
  if (traits.input === undefined) return undefined
  for (const message of resolved.messages) {
    for (const part of message.content) {
      if (part.type !== 'file') continue
      const kind = part.mediaType === 'application/pdf' ? 'pdf' : part.mediaType.split('/')[0]
      if ((kind === 'image' || kind === 'pdf' || kind === 'audio' || kind === 'video') && !traits.input.includes(kind))
        return `${kind} input`
      if (part.url !== undefined && !traits.input.includes('url')) return 'files by URL'
    }
  }
  return undefined
}

function skipReason(
  engine: Engine,
  resolved: ResolvedCall,
  target: ModelTarget,
  seen: readonly string[],
): SkipReason | undefined {
  if (seen.includes(keyOf(target))) return 'duplicate'
  const provider = engine.providers.get(target.provider)
  if (provider === undefined) return 'not_registered'
  if (missingTrait(provider, target.model, resolved) !== undefined) return 'unsupported'
  return engine.breakers.closure(target)?.reason
}

/** Whether the last balance read is below the threshold of a rule. */
function isLow(engine: Engine, resolved: ResolvedCall): boolean {
  const balance = engine.balances.peek(resolved.primary.provider)
  return balance !== undefined && thresholdRules(resolved.rules).some((rule) => balance < rule.threshold!)
}
