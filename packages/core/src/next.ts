import type { ModelTarget } from './contract/model.ts'
import type { LLMError } from './error.ts'
import type { Engine } from './engine.ts'
import { missingTrait } from './plan.ts'
import { keyOf } from './reference.ts'
import type { ResolvedCall } from './resolve.ts'
import { switchRulesFor, targetOf, waitRuleFor } from './rules.ts'
import type { SwitchRule, WaitRule } from './rules.ts'
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
  const others = openTargets(engine, resolved, trail, switchRulesFor(resolved.rules, error))
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

/** The targets of these rules that the call has not tried and that are open, in order. */
export function openTargets(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  rules: readonly SwitchRule[],
): readonly ModelTarget[] {
  return rules
    .map((rule) => targetOf(rule, resolved.primary))
    .filter((target) => {
      const provider = engine.providers.get(target.provider)
      if (provider === undefined || trail.tries.has(keyOf(target))) return false
      return (
        engine.breakers.closure(target) === undefined && missingTrait(provider, target.model, resolved) === undefined
      )
    })
}

/** When the first of these targets opens again, in clock milliseconds: `Infinity` when none is closed. */
export function soonestOpening(engine: Engine, resolved: ResolvedCall, rules: readonly SwitchRule[]): number {
  const closures = rules.map((rule) => engine.breakers.closure(targetOf(rule, resolved.primary))?.until ?? Infinity)
  return Math.min(...closures)
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
