import type { ModelTarget } from './contract/model.ts'
import { textOf } from './answer.ts'
import { put } from './channel.ts'
import type { Engine } from './engine.ts'
import { BudgetError, LLMError } from './error.ts'
import { withFacts } from './facts.ts'
import { gate } from './gate.ts'
import { Guard } from './guard.ts'
import { Hedge, mayHedge } from './hedge.ts'
import { arrive, launch } from './lane.ts'
import type { Lane } from './lane.ts'
import { openTargets } from './next.ts'
import { keyOf, providerNamed } from './reference.ts'
import type { ResolvedCall } from './resolve.ts'
import { softLimitRules, targetOf } from './rules.ts'
import { isThenable } from './thenable.ts'
import { buyTicket, giveBack, raise } from './ticket.ts'
import type { Ticket } from './ticket.ts'
import type { EventSink, Reader } from './run.ts'
import type { Trail } from './trail.ts'

/** How a target's turn ended. */
export type Turn =
  | { readonly how: 'answered'; readonly lane: Lane }
  /** A soft limit is crossed and a rule knows a cheaper target. */
  | { readonly how: 'rerouted'; readonly to: ModelTarget }
  | FailedTurn

export interface FailedTurn {
  readonly how: 'failed'
  readonly error: LLMError
  /** Where it failed, and in which attempt: the last one so far when none was begun. */
  readonly target: ModelTarget
  readonly attempt: number
  /** There must be no next attempt. */
  readonly final: boolean
}

/** What may follow when an attempt breaks after output. */
interface InterruptPolicy {
  readonly continues: boolean
  /** Whether the reader can be told to forget what it saw. */
  readonly resets: boolean
}

/** One target's turn: the gate, the reservation, the attempt, and perhaps a second one beside it. */
export async function takeTurn(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  target: ModelTarget,
  reader: Reader,
  out: EventSink,
): Promise<Turn> {
  const provider = providerNamed(engine.providers, target.provider)
  if (trail.continued !== '' && !provider.traits?.(target.model).prefill) giveUp(trail)
  // The reader may have become one of text since the last attempt broke.
  if (trail.voided !== undefined && !policyOf(resolved, reader).resets) throw trail.errors.at(-1)
  trail.takeTurn(keyOf(target))
  // Where there is nothing to wait for, nothing waits: a turn of the queue costs more than all that the gate looks at.
  const gated = gate(engine, resolved, trail, target, provider)
  const refused = isThenable(gated) ? await gated : gated
  if (refused !== undefined) return failed(trail, target, refused, false)
  let ticket: Ticket
  try {
    const bought = buyTicket(engine, resolved, trail, target, provider, new Guard())
    ticket = isThenable(bought) ? await bought : bought
  } catch (thrown) {
    return unreserved(trail, target, thrown)
  }
  const raised = raise(engine, ticket)
  const cheaper = cheaperTarget(engine, resolved, trail, ticket)
  if (cheaper !== undefined) {
    await giveBack(engine, trail, ticket)
    if (raised.length > 0) await put(out, raised)
    return { how: 'rerouted', to: cheaper }
  }
  const first = launch(engine, resolved, trail, ticket, raised, trail.taken)
  let lane = first
  if (mayHedge(resolved, trail)) lane = await new Hedge(engine, resolved, trail, out).race(first)
  else {
    await first.attempt.run(first.opening, out)
    arrive(engine, resolved, trail, first)
  }
  if (lane !== first) trail.taken = 0
  const { error } = lane.attempt
  return error === undefined ? { how: 'answered', lane } : interrupted(trail, lane, error, policyOf(resolved, reader))
}

function policyOf({ call }: ResolvedCall, { face }: Reader): InterruptPolicy {
  return { continues: call.onInterrupt === 'continue', resets: call.onInterrupt !== 'fail' && face !== 'text' }
}

function cheaperTarget(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  { target, reservation }: Ticket,
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
    return failed(trail, target, withFacts(before, { cause: error }), true)
  }
  return failed(trail, target, error, cut !== undefined)
}

function interrupted(
  trail: Trail,
  { ticket, attempt, number }: Lane,
  error: LLMError,
  { continues, resets }: InterruptPolicy,
): Turn {
  const { target, provider } = ticket
  const { fold } = attempt
  const ended = { how: 'failed', error, target, attempt: number } as const
  trail.broken = number
  // A tool that ran at the vendor's must not run twice.
  if (fold.sideEffect) return { ...ended, error: withFacts(error, { sideEffects: true }), final: true }
  if (error.kind === 'cancelled' || error.kind === 'deadline') return { ...ended, final: true }
  const shown = fold.shown || trail.continued !== ''
  if (!shown) return { ...ended, final: false }
  if (continues && provider.traits?.(target.model).prefill && fold.continuable) {
    trail.continued += textOf(fold.parts())
    return { ...ended, final: false }
  }
  giveUp(trail)
  return { ...ended, final: !resets }
}

function failed(trail: Trail, target: ModelTarget, error: LLMError, final: boolean): Turn {
  return { how: 'failed', error, target, attempt: trail.attempts, final }
}

/** Nothing of what was shown will be part of the answer. */
function giveUp(trail: Trail): void {
  trail.continued = ''
  trail.voided = trail.broken
}
