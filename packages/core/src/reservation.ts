import type { MaybePromise, ReserveRequest, ReserveResult, Settlement, SoftLimit } from './contract/budget.ts'
import type { ModelTarget } from './contract/model.ts'
import type { Pricing } from './contract/pricing.ts'
import type { Provider, ProviderRequest } from './contract/provider.ts'
import type { Engine } from './engine.ts'
import { BudgetError, LLMError } from './error.ts'
import type { Draft } from './draft.ts'
import type { Guard } from './guard.ts'
import { isMistake } from './mistake.ts'
import type { ResolvedCall } from './resolve.ts'
import { none } from './short-list.ts'
import { Signalled } from './signalled.ts'
import { isThenable } from './thenable.ts'

const retryStoreMs = 50
/** A reservation outlives the call's deadline by this much, so that a late settlement still finds it. */
const leaseSlackMs = 60_000
const settleTries = 5

/** Money set aside for one attempt; without a budget, no amount of it. */
export interface Reservation {
  readonly amountUsd: number
  readonly maxOutputTokens: number | undefined
  readonly soft: readonly SoftLimit[]
  /** The prices by which it was set aside, and by which it is billed. */
  readonly pricing: Pricing | undefined
}

/** Throws `BudgetError` when a hard limit refuses, and `store` when nobody can say. */
export function reserve(
  engine: Engine,
  resolved: ResolvedCall,
  target: ModelTarget,
  provider: Provider,
  request: ProviderRequest,
  guard: Guard,
  restMs: number,
): MaybePromise<Reservation> {
  const { budget } = engine
  const pricing = engine.pricing?.pin?.() ?? engine.pricing
  if (budget === undefined) return { amountUsd: Infinity, maxOutputTokens: undefined, soft: none, pricing }
  const ask = askOf(resolved, target, provider, request, guard, restMs)
  const result = withStore(engine, guard, () => budget.reserve(ask))
  if (!isThenable(result)) return granted(result, target, pricing)
  return orFreed(engine, request.attemptId, result).then((late) => granted(late, target, pricing))
}

/** It may have been granted and its answer lost: an id that nobody knows is freed at no cost. */
async function orFreed(engine: Engine, attemptId: string, result: Promise<ReserveResult>): Promise<ReserveResult> {
  try {
    return await result
  } catch (thrown) {
    await release(engine, attemptId)
    throw thrown
  }
}

function granted(result: ReserveResult, target: ModelTarget, pricing: Pricing | undefined): Reservation {
  if (!result.ok) throw refusal(result, target)
  return { amountUsd: result.amountUsd, maxOutputTokens: result.maxOutputTokens, soft: result.soft ?? none, pricing }
}

function askOf(
  { call, agent }: ResolvedCall,
  { provider: name, model }: ModelTarget,
  provider: Provider,
  request: ProviderRequest,
  guard: Guard,
  restMs: number,
): ReserveRequest {
  const ask: Draft<ReserveRequest> = new Ask(guard, name, model, request, restMs + leaseSlackMs)
  if (provider.vendor !== undefined) ask.vendor = provider.vendor
  if (call.session !== undefined) ask.session = call.session
  if (agent !== undefined) ask.agent = agent
  if (call.tags !== undefined) ask.tags = call.tags
  if (provider.traits?.(model).free) ask.free = true
  return ask
}

class Ask extends Signalled implements ReserveRequest {
  readonly provider: string
  readonly model: string
  readonly attemptId: string
  readonly request: ProviderRequest
  readonly leaseMs: number

  constructor(guard: Guard, provider: string, model: string, request: ProviderRequest, leaseMs: number) {
    super(guard)
    this.provider = provider
    this.model = model
    this.attemptId = request.attemptId
    this.request = request
    this.leaseMs = leaseMs
  }
}

/** From here on money may be spent. */
export function dispatch(engine: Engine, attemptId: string, guard: Guard): MaybePromise<void> {
  const { budget } = engine
  if (budget !== undefined) return withStore(engine, guard, () => budget.dispatch(attemptId))
}

export function release(engine: Engine, attemptId: string): MaybePromise<void> {
  return settled(engine, () => engine.budget?.void(attemptId))
}

/** Posts what an attempt cost. A store that is down never fails the caller: the pending amount keeps the limit meanwhile. */
export function settle(engine: Engine, attemptId: string, settlement: Settlement): MaybePromise<void> {
  return settled(engine, () => engine.budget?.settle(attemptId, settlement))
}

/** Asks a second time when the store fails. */
function withStore<T>(engine: Engine, guard: Guard, ask: () => MaybePromise<T>): MaybePromise<T> {
  try {
    const answer = ask()
    if (!isThenable(answer)) return answer
    return Promise.resolve(answer).catch((thrown: unknown) => askAgain(engine, guard, ask, thrown))
  } catch (thrown) {
    return askAgain(engine, guard, ask, thrown)
  }
}

async function askAgain<T>(engine: Engine, guard: Guard, ask: () => MaybePromise<T>, thrown: unknown): Promise<T> {
  if (isFinal(thrown)) throw worded(thrown)
  await engine.clock.sleep(retryStoreMs, guard.signal)
  try {
    return await ask()
  } catch (again) {
    throw worded(again)
  }
}

/** Whether to ask again would bring the same: it is an answer, or a mistake in the budget or in what it was given. */
function isFinal(thrown: unknown): boolean {
  return LLMError.is(thrown) || isMistake(thrown)
}

function worded(cause: unknown): LLMError {
  if (LLMError.is(cause)) return cause
  if (isMistake(cause))
    return new LLMError('config', `the budget threw a ${(cause as Error).name}; see its cause. Nothing was sent`, {
      cause,
    }) // mistakes are Errors
  return new LLMError('store', 'the budget store does not answer; nothing was sent', { cause })
}

function settled(engine: Engine, post: () => MaybePromise<void> | undefined): MaybePromise<void> {
  try {
    const posted = post()
    if (isThenable(posted)) return Promise.resolve(posted).catch(() => settleLater(engine, post))
  } catch {
    settleLater(engine, post)
  }
}

function settleLater(engine: Engine, post: () => MaybePromise<void> | undefined): void {
  const later = postLater(engine, post)
  engine.settling.add(later)
  void later.finally(() => engine.settling.delete(later))
}

async function postLater(engine: Engine, post: () => MaybePromise<void> | undefined): Promise<void> {
  for (let tries = 1; tries < settleTries; tries++) {
    await engine.clock.sleep(retryStoreMs * 4 ** tries)
    try {
      await post()
      return
    } catch {
      // the store is still down; its lease charges the reservation if it stays so
    }
  }
}

function refusal(result: Extract<ReserveResult, { ok: false }>, target: ModelTarget): BudgetError {
  const { scope, limitUsd, reason, resetsAt } = result
  const who =
    scope.kind === 'global'
      ? 'the global limit'
      : `the limit of ${scope.kind === 'tag' ? `tag ${scope.tag}` : scope.kind} "${scope.id}"`
  const why = {
    exhausted: 'is spent',
    in_flight: 'is taken up by calls under way',
    too_large: 'has less room than this request may cost; lower maxOutputTokens or raise the limit',
    unpriced: `cannot be kept for ${target.provider}/${target.model}, whose price is not known; register one, or set allowUnpriced`,
  }[reason]
  return new BudgetError(`${who} of $${limitUsd} ${why}`, {
    ...target,
    scope,
    limitUsd,
    reason,
    ...(resetsAt !== undefined && { resetsAt: new Date(resetsAt) }),
  })
}
