import type { ModelTarget } from './contract/model.ts'
import type { LLMError } from './error.ts'
import type { Engine } from './engine.ts'
import { missingTrait } from './plan.ts'
import { keyOf } from './reference.ts'
import type { ResolvedCall } from './resolve.ts'
import { mayPassElsewhere, switchRulesFor, targetOf, waitRuleFor } from './rules.ts'
import type { WaitRule } from './rules.ts'
import type { Trail } from './trail.ts'

/** Attempts over all targets of a call. */
const mostAttempts = 6
const defaultRetries = 2
/** A server that asks for more patience than this is left alone instead. */
export const longestWaitMs = 60_000
const baseMs = 500
const overloadedBaseMs = 1_000
const longestBackoffMs = 20_000
const constantMs = 1_000

export type Step =
  | { readonly action: 'retry'; readonly waitMs: number }
  | { readonly action: 'switch'; readonly target: ModelTarget }
  | { readonly action: 'fail' }

const fail: Step = { action: 'fail' }

/** What follows a failure: the same target again, another one, or the end. */
export function nextStep(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  target: ModelTarget,
  error: LLMError,
  restMs: number,
): Step {
  const equals = openTargets(engine, resolved, trail, alternativesAfter(resolved, error))
  const others = [...equals, ...openTargets(engine, resolved, trail, fallbacksAfter(resolved, error))]
  // What is as good need not be waited for, unless a rule says to wait, or this target alone can go on where it broke.
  if (equals.length > 0 && trail.continued === '' && waitRuleFor(resolved.rules, error) === undefined)
    return { action: 'switch', target: equals[0]! }
  const waitMs = waitBefore(engine, resolved, trail, target, error, others.length)
  // Sleeping past the deadline helps nobody: the failure is told now.
  if (waitMs !== undefined && waitMs < restMs) {
    const taken = engine.quota.take(target.provider, error)
    if (taken !== undefined) {
      trail.taken += taken
      return { action: 'retry', waitMs }
    }
  }
  const next = others[0]
  return next === undefined ? fail : { action: 'switch', target: next }
}

/** Where a failure may lead, in order: what is as good as the target it began with, then what the rules say. */
export function targetsAfter(resolved: ResolvedCall, error: LLMError): readonly ModelTarget[] {
  return [...alternativesAfter(resolved, error), ...fallbacksAfter(resolved, error)]
}

/** Those of these targets that the call has not tried and that are open, in order. */
export function openTargets(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  targets: readonly ModelTarget[],
): readonly ModelTarget[] {
  return targets.filter((target) => {
    const provider = engine.providers.get(target.provider)
    if (provider === undefined || trail.triesOf(keyOf(target)) > 0) return false
    return engine.breakers.closure(target) === undefined && missingTrait(provider, target.model, resolved) === undefined
  })
}

/** When the first of these targets opens again, in clock milliseconds: `Infinity` when none is closed. */
export function soonestOpening(engine: Engine, targets: readonly ModelTarget[]): number {
  return Math.min(...targets.map((target) => engine.breakers.closure(target)?.until ?? Infinity))
}

function alternativesAfter({ group }: ResolvedCall, error: LLMError): readonly ModelTarget[] {
  if (group.length === 1 || !mayPassElsewhere(error)) return []
  return group.slice(1).map(({ target }) => target)
}

function fallbacksAfter({ rules, primary }: ResolvedCall, error: LLMError): readonly ModelTarget[] {
  return switchRulesFor(rules, error).map((rule) => targetOf(rule, primary))
}

function waitBefore(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  target: ModelTarget,
  error: LLMError,
  others: number,
): number | undefined {
  if (!error.retryable) return undefined
  const rule = waitRuleFor(resolved.rules, error)
  // Every other target deserves its turn before this one gets more of them, unless a rule says how often.
  if (rule === undefined && trail.attempts + others >= mostAttempts) return undefined
  const retries = trail.triesOf(keyOf(target)) - 1
  const most = rule?.maxRetries ?? (error.kind === 'protocol' ? 1 : defaultRetries)
  if (retries >= most) return undefined
  const asked = error.retryAfterMs ?? 0
  if (asked > longestWaitMs) return undefined
  const jittered = asked * (1 + 0.1 * engine.chance.random())
  return Math.max(jittered, backoff(rule, error, retries, engine.chance.random()))
}

/** Full jitter: calls that failed together do not come back together. */
function backoff(rule: WaitRule | undefined, error: LLMError, retries: number, random: number): number {
  if (rule?.backoff === 'constant') return constantMs * (0.9 + 0.2 * random)
  const base = error.kind === 'overloaded' ? overloadedBaseMs : baseMs
  return random * Math.min(base * 2 ** retries, longestBackoffMs)
}
