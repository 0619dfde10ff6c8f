import type { MaybePromise } from './contract/budget.ts'
import type { ModelTarget } from './contract/model.ts'
import type { Provider } from './contract/provider.ts'
import type { Closure } from './breaker.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { longestWaitMs, openTargets, targetsAfter } from './next.ts'
import { missingTrait } from './plan.ts'
import { keyOf } from './reference.ts'
import type { ResolvedCall } from './resolve.ts'
import type { Trail } from './trail.ts'

/** Why a target is not to be asked at all; undefined lets the call through. */
export function gate(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  target: ModelTarget,
  provider: Provider,
): MaybePromise<LLMError | undefined> {
  const missing = missingTrait(provider, target.model, resolved)
  if (missing !== undefined) return new LLMError('unsupported', `${keyOf(target)} does not take ${missing}`, target)
  const closed = engine.breakers.closure(target)
  if (closed?.reason !== 'cooldown') return admit(engine, target)
  return coolDown(engine, resolved, trail, target, closed).then(() => admit(engine, target))
}

function admit(engine: Engine, target: ModelTarget): LLMError | undefined {
  const admission = engine.breakers.admit(target)
  return admission.ok ? undefined : refusal(engine, target, admission)
}

/**
 * A short cooldown is a wait that the server asked for, and is waited for when there is nowhere else to go; an open circuit
 * is not.
 */
async function coolDown(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  target: ModelTarget,
  closed: Closure,
): Promise<void> {
  const waitMs = closed.until - engine.clock.now()
  if (waitMs > longestWaitMs || waitMs >= trail.alarm.restMs()) return
  const elsewhere = targetsAfter(resolved, refusal(engine, target, closed))
  if (openTargets(engine, resolved, trail, elsewhere).length > 0) return
  await trail.sleep(waitMs * (1 + 0.1 * engine.chance.random()))
}

function refusal(engine: Engine, target: ModelTarget, closure: Closure): LLMError {
  const retryAfterMs = Math.ceil(closure.until - engine.clock.now())
  const why =
    closure.reason === 'cooldown' ? 'is cooling down, as its server asked' : 'failed too often and is left alone'
  const message = `${keyOf(target)} ${why} for another ${retryAfterMs} ms`
  return new LLMError('circuit_open', message, { ...target, retryAfterMs, code: closure.kind })
}
