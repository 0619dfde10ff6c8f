import type { ModelTarget } from './contract/model.ts'
import type { Provider } from './contract/provider.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { longestWaitMs } from './next.ts'
import { missingTrait } from './plan.ts'
import { keyOf } from './reference.ts'
import type { ResolvedCall } from './resolve.ts'
import type { Trail } from './trail.ts'

/** Why a target is not to be asked at all; undefined lets the call through. */
export async function gate(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  target: ModelTarget,
  provider: Provider,
): Promise<LLMError | undefined> {
  const missing = missingTrait(provider, target.model, resolved)
  if (missing !== undefined) return new LLMError('unsupported', `${keyOf(target)} does not take ${missing}`, target)
  await coolDown(engine, trail, target)
  const admission = engine.breakers.admit(target)
  if (admission.ok) return undefined
  const retryAfterMs = Math.ceil(admission.until - engine.clock.now())
  const why =
    admission.reason === 'cooldown' ? 'is cooling down, as its server asked' : 'failed too often and is left alone'
  return new LLMError('circuit_open', `${keyOf(target)} ${why} for another ${retryAfterMs} ms`, {
    ...target,
    retryAfterMs,
  })
}

/** A short cooldown is a wait that the server asked for; an open circuit is not waited for. */
async function coolDown(engine: Engine, trail: Trail, target: ModelTarget): Promise<void> {
  const closed = engine.breakers.closure(target)
  if (closed?.reason !== 'cooldown') return
  const waitMs = closed.until - engine.clock.now()
  if (waitMs > longestWaitMs || waitMs >= trail.restMs()) return
  await trail.sleep(waitMs * (1 + 0.1 * engine.chance.random()))
}
