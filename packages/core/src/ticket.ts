import type { ModelTarget } from './contract/model.ts'
import type { Provider, ProviderRequest } from './contract/provider.ts'
import type { ChatEvent } from './contract/response.ts'
import type { Engine } from './engine.ts'
import { buildRequest } from './request.ts'
import { release, reserve } from './reservation.ts'
import type { Reservation } from './reservation.ts'
import type { ResolvedCall } from './resolve.ts'
import type { Trail } from './trail.ts'

/** What an attempt needs before it may start: its request, and the money that was set aside for it. */
export interface Ticket {
  readonly target: ModelTarget
  readonly provider: Provider
  readonly request: ProviderRequest
  readonly reservation: Reservation
  /** Ends the attempt; what cuts the call aborts it too, until `stopListening`. */
  readonly controller: AbortController
  readonly stopListening: () => void
}

/** Throws `BudgetError` when a hard limit refuses, and `store` when nobody can say. */
export async function buyTicket(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  target: ModelTarget,
  provider: Provider,
  controller: AbortController,
): Promise<Ticket> {
  const request = buildRequest(engine, resolved, target, provider, controller.signal, trail.continued)
  const stopListening = trail.guard.listen((reason) => controller.abort(reason))
  try {
    const reservation = await reserve(engine, resolved, target, provider, request, trail.restMs())
    return { target, provider, request: clamp(request, reservation), reservation, controller, stopListening }
  } catch (thrown) {
    stopListening()
    engine.breakers.release(target)
    throw thrown
  }
}

/** Frees what was set aside for an attempt that will not start. */
export async function giveBack(engine: Engine, { target, request, stopListening }: Ticket): Promise<void> {
  stopListening()
  engine.breakers.release(target)
  await release(engine, request.attemptId)
}

/** Tells of the soft limits that this attempt is the first beyond. */
export function raise(engine: Engine, { reservation }: Ticket): readonly ChatEvent[] {
  const events: ChatEvent[] = []
  for (const limit of reservation.soft) {
    if (!limit.first) continue
    engine.emitter.emit('soft_limit', limit)
    events.push({ type: 'soft_limit', scope: limit.scope, limitUsd: limit.limitUsd, spentUsd: limit.spentUsd })
  }
  return events
}

function clamp(request: ProviderRequest, reservation: Reservation): ProviderRequest {
  const { maxOutputTokens } = reservation
  return maxOutputTokens === undefined ? request : { ...request, maxOutputTokens }
}
