import type { ModelTarget } from './contract/model.ts'
import type { Provider, ProviderRequest } from './contract/provider.ts'
import type { ChatEvent } from './contract/response.ts'
import { prepend, textOf } from './answer.ts'
import { AttemptRun } from './attempt.ts'
import type { Engine } from './engine.ts'
import { BudgetError, LLMError } from './error.ts'
import type { LLMErrorKind } from './error.ts'
import { withFacts } from './facts.ts'
import { gate } from './gate.ts'
import { openTargets } from './next.ts'
import { keyOf, providerNamed } from './reference.ts'
import { buildRequest } from './request.ts'
import { release, reserve } from './reservation.ts'
import type { Reservation } from './reservation.ts'
import type { ResolvedCall } from './resolve.ts'
import { softLimitRules, targetOf } from './rules.ts'
import type { Trail } from './trail.ts'

/** How a target's turn ended. */
export type Turn =
  | { readonly how: 'answered'; readonly attempt: AttemptRun }
  /** A soft limit is crossed and a rule knows a cheaper target. */
  | { readonly how: 'rerouted'; readonly to: ModelTarget }
  /** `final`: there must be no next attempt. */
  | { readonly how: 'failed'; readonly error: LLMError; readonly final: boolean }

/** What may follow when an attempt breaks after output. */
export interface InterruptPolicy {
  readonly continues: boolean
  /** Whether the reader can be told to forget what it saw. */
  readonly resets: boolean
}

/** One target's turn: the gate, the reservation, the attempt. */
export async function* takeTurn(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  target: ModelTarget,
  policy: () => InterruptPolicy,
): AsyncGenerator<readonly ChatEvent[], Turn> {
  const provider = providerNamed(engine.providers, target.provider)
  if (trail.continued !== '' && !provider.traits?.(target.model).prefill) giveUp(trail)
  // The reader may have become one of text since the last attempt broke.
  if (trail.voided !== undefined && !policy().resets) throw trail.errors.at(-1)
  trail.tries.set(keyOf(target), trail.triesOf(keyOf(target)) + 1)
  const refused = await gate(engine, resolved, trail, target, provider)
  if (refused !== undefined) return { how: 'failed', error: refused, final: false }

  const controller = new AbortController()
  const stopListening = trail.guard.listen((reason) => controller.abort(reason))
  try {
    const request = buildRequest(engine, resolved, target, provider, controller.signal, trail.continued)
    let reservation: Reservation
    try {
      reservation = await reserve(engine, resolved, target, provider, request, trail.restMs())
    } catch (thrown) {
      engine.breakers.release(target)
      return unreserved(trail, target, thrown)
    }
    const raised = raise(engine, reservation)
    const cheaper = cheaperTarget(engine, resolved, trail, target, reservation)
    if (cheaper !== undefined) {
      engine.breakers.release(target)
      await release(engine, request.attemptId)
      if (raised.length > 0) yield raised
      return { how: 'rerouted', to: cheaper }
    }

    trail.attempts++
    const opening: ChatEvent[] = [...raised]
    if (trail.voided !== undefined) opening.push({ type: 'reset', attempt: trail.voided })
    opening.push({ type: 'attempt_start', attempt: trail.attempts, target })
    trail.voided = undefined
    const clamped = clamp(request, reservation)
    const attempt = new AttemptRun(engine, target, provider, clamped, reservation, controller, resolved.timers)
    try {
      yield* attempt.events(opening)
    } finally {
      remember(engine, trail, target, attempt)
    }
    if (attempt.error === undefined) return { how: 'answered', attempt }
    return interrupted(trail, target, provider, attempt, attempt.error, policy)
  } finally {
    stopListening()
  }
}

function clamp(request: ProviderRequest, reservation: Reservation): ProviderRequest {
  const { maxOutputTokens } = reservation
  return maxOutputTokens === undefined ? request : { ...request, maxOutputTokens }
}

function raise(engine: Engine, reservation: Reservation): ChatEvent[] {
  const events: ChatEvent[] = []
  for (const limit of reservation.soft) {
    if (!limit.first) continue
    engine.emitter.emit('soft_limit', limit)
    events.push({ type: 'soft_limit', scope: limit.scope, limitUsd: limit.limitUsd, spentUsd: limit.spentUsd })
  }
  return events
}

function cheaperTarget(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  target: ModelTarget,
  reservation: Reservation,
): ModelTarget | undefined {
  if (reservation.soft.length === 0) return undefined
  const cheaper = softLimitRules(resolved.rules).map((rule) => targetOf(rule, resolved.primary))
  // A target that such a rule leads to is the cheaper one already.
  if (cheaper.some((each) => keyOf(each) === keyOf(target))) return undefined
  return openTargets(engine, resolved, trail, cheaper)[0]
}

function unreserved(trail: Trail, target: ModelTarget, thrown: unknown): Turn {
  const cut = trail.guard.reason
  const error =
    cut ??
    (LLMError.is(thrown) ? thrown : new LLMError('store', 'the budget failed; nothing was sent', { cause: thrown }))
  const before = trail.errors.at(-1)
  // No money for another try: what is worth telling is why another one was needed.
  if (before !== undefined && BudgetError.is(error) && trail.triesOf(keyOf(target)) > 1) {
    return { how: 'failed', error: withFacts(before, { cause: error }), final: true }
  }
  return { how: 'failed', error, final: cut !== undefined }
}

/** What happens to connections while their process is suspended. */
const ofConnection: ReadonlySet<LLMErrorKind> = new Set<LLMErrorKind>(['network', 'timeout', 'stream_truncated'])

/** Tells the breakers, writes the bill, and keeps what had arrived. */
function remember(engine: Engine, trail: Trail, target: ModelTarget, attempt: AttemptRun): void {
  const { error, fold, line } = attempt
  if (line !== undefined) trail.lines.push(line)
  if (error === undefined) {
    engine.breakers.succeed(target)
    engine.quota.succeed(target.provider, trail.taken)
    return
  }
  if (attempt.slept && ofConnection.has(error.kind)) engine.breakers.release(target)
  else engine.breakers.fail(target, error)
  if (fold.shown) trail.keepPartial(prepend(trail.continued, fold.parts()))
}

function interrupted(
  trail: Trail,
  target: ModelTarget,
  provider: Provider,
  attempt: AttemptRun,
  error: LLMError,
  policy: () => InterruptPolicy,
): Turn {
  const { fold } = attempt
  // A tool that ran at the vendor's must not run twice.
  if (fold.sideEffect) return { how: 'failed', error: withFacts(error, { sideEffects: true }), final: true }
  if (error.kind === 'cancelled' || error.kind === 'deadline') return { how: 'failed', error, final: true }
  const shown = fold.shown || trail.continued !== ''
  if (!shown) return { how: 'failed', error, final: false }
  const { continues, resets } = policy()
  if (continues && provider.traits?.(target.model).prefill && fold.continuable) {
    trail.continued += textOf(fold.parts())
    return { how: 'failed', error, final: false }
  }
  giveUp(trail)
  return { how: 'failed', error, final: !resets }
}

/** Nothing of what was shown will be part of the answer. */
function giveUp(trail: Trail): void {
  trail.continued = ''
  trail.voided = trail.attempts
}
