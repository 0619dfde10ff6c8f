import type { MaybePromise } from './contract/budget.ts'
import type { ModelTarget } from './contract/model.ts'
import type { Provider, ProviderRequest } from './contract/provider.ts'
import type { ChatEvent } from './contract/response.ts'
import type { Draft } from './draft.ts'
import type { Engine } from './engine.ts'
import type { Guard } from './guard.ts'
import { buildRequest } from './request.ts'
import { release, reserve } from './reservation.ts'
import type { Reservation } from './reservation.ts'
import type { ResolvedCall } from './resolve.ts'
import { isThenable } from './thenable.ts'
import type { Trail } from './trail.ts'

/** What an attempt needs before it may start: its request, and the money that was set aside for it. */
export interface Ticket {
  readonly target: ModelTarget
  readonly provider: Provider
  readonly request: ProviderRequest
  readonly reservation: Reservation
  /** Ends the attempt; what cuts the call ends it too, until the call dismisses it. */
  readonly guard: Guard
}

/** Throws `BudgetError` when a hard limit refuses, and `store` when nobody can say. */
export function buyTicket(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  target: ModelTarget,
  provider: Provider,
  guard: Guard,
): MaybePromise<Ticket> {
  const request = buildRequest(engine, resolved, target, provider, guard, trail.continued)
  const order = { target, provider, request, guard }
  trail.guard.admit(guard)
  try {
    const reserved = reserve(engine, resolved, target, provider, request, guard, trail.alarm.restMs())
    return isThenable(reserved) ? buyLater(engine, trail, order, reserved) : ticketOf(order, reserved)
  } catch (thrown) {
    throw turnedAway(engine, trail, order, thrown)
  }
}

interface Order extends Omit<Ticket, 'request' | 'reservation'> {
  readonly request: Draft<ProviderRequest>
}

async function buyLater(engine: Engine, trail: Trail, order: Order, reserved: Promise<Reservation>): Promise<Ticket> {
  try {
    return ticketOf(order, await reserved)
  } catch (thrown) {
    throw turnedAway(engine, trail, order, thrown)
  }
}

function ticketOf({ target, provider, request, guard }: Order, reservation: Reservation): Ticket {
  const { maxOutputTokens } = reservation
  if (maxOutputTokens !== undefined) request.maxOutputTokens = maxOutputTokens
  return { target, provider, request, reservation, guard }
}

function turnedAway(engine: Engine, trail: Trail, { target, guard }: Order, thrown: unknown): unknown {
  trail.guard.dismiss(guard)
  engine.breakers.release(target)
  return thrown
}

/** Frees what was set aside for an attempt that will not start. */
export async function giveBack(engine: Engine, trail: Trail, { target, request, guard }: Ticket): Promise<void> {
  trail.guard.dismiss(guard)
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
