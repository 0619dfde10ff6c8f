import type { MaybePromise } from './contract/budget.ts'
import type { ModelTarget } from './contract/model.ts'
import type { Plan } from './contract/plan.ts'
import type { ChatEvent, ChatResponse } from './contract/response.ts'
import { answer } from './answer.ts'
import { totalUsd } from './bill.ts'
import { put } from './channel.ts'
import type { Sink } from './channel.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { withFacts } from './facts.ts'
import type { Guard } from './guard.ts'
import type { Lane } from './lane.ts'
import { nextStep, openTargets, soonestOpening, targetsAfter } from './next.ts'
import type { Step } from './next.ts'
import { planCall } from './plan.ts'
import { keyOf, providerNamed } from './reference.ts'
import { resolveCall } from './resolve.ts'
import type { CallDraft, ResolvedCall } from './resolve.ts'
import { targetOf, thresholdRules } from './rules.ts'
import type { SwitchRule } from './rules.ts'
import { isThenable } from './thenable.ts'
import { Trail } from './trail.ts'
import { takeTurn } from './turn.ts'
import type { FailedTurn } from './turn.ts'

/** Who reads, once somebody does: events can say that earlier ones are void, text cannot. */
export interface Reader {
  face: 'events' | 'text' | undefined
}

/** Where the events of a call go: those of one network read together. */
export type EventSink = Sink<readonly ChatEvent[]>

/** One call from its first pull to its end: target after target, attempt after attempt, until one answers. */
export class CallRun {
  /** How the call ended; one of the two is set once its events have. */
  response: ChatResponse | undefined
  error: LLMError | undefined
  readonly #engine: Engine
  readonly #draft: CallDraft
  readonly #reader: Reader
  readonly #trail: Trail
  #unlisten: (() => void) | undefined

  constructor(engine: Engine, draft: CallDraft, reader: Reader) {
    this.#engine = engine
    this.#draft = draft
    this.#reader = reader
    this.#trail = new Trail(engine.clock)
  }

  get guard(): Guard {
    return this.#trail.guard
  }

  /** Resolves when the call has answered. Throws what `error` then holds. */
  async run(out: EventSink): Promise<ChatResponse> {
    try {
      const resolved = this.#begin()
      const first = this.#firstTarget(resolved)
      let target = isThenable(first) ? await first : first
      const decision = planCall(this.#engine, resolved)
      for (;;) {
        const turn = await takeTurn(this.#engine, resolved, this.#trail, target, this.#reader, out)
        if (turn.how === 'answered') {
          const made = this.#answer(resolved, decision, turn.lane)
          this.response = isThenable(made) ? await made : made
          const told = put(out, endOf(this.response))
          if (told !== undefined) await told
          return this.response
        }
        target = turn.how === 'rerouted' ? turn.to : await this.#targetAfter(resolved, turn, out)
      }
    } catch (thrown) {
      // An answer stands, though its reader left before its last events.
      if (this.response !== undefined) return this.response
      this.error = this.#conclude(thrown)
      throw this.error
    } finally {
      this.#trail.alarm.stop()
      this.#unlisten?.()
    }
  }

  /** Checks the call, starts its deadline and listens to its signal. */
  #begin(): ResolvedCall {
    const resolved = resolveCall(this.#engine, this.#draft)
    const { guard, alarm } = this.#trail
    alarm.start(resolved.timers)
    const { signal } = resolved.call
    if (signal !== undefined) this.#unlisten = listen(signal, guard)
    if (guard.reason !== undefined) throw guard.reason
    return resolved
  }

  /** The model of the call, unless its provider is too low on funds. */
  #firstTarget(resolved: ResolvedCall): MaybePromise<ModelTarget> {
    const rules = thresholdRules(resolved.rules)
    return rules.length === 0 ? resolved.primary : this.#unlessLow(resolved, rules)
  }

  async #unlessLow(resolved: ResolvedCall, rules: readonly SwitchRule[]): Promise<ModelTarget> {
    const { primary } = resolved
    const provider = providerNamed(this.#engine.providers, primary.provider)
    const balance = await this.#trail.orCut(this.#engine.balances.read(provider))
    if (balance === undefined) return primary
    const low = rules
      .filter((rule) => balance < rule.threshold!)
      .map((rule) => targetOf(rule, primary))
      .filter((target) => keyOf(target) !== keyOf(primary))
    return openTargets(this.#engine, resolved, this.#trail, low)[0] ?? primary
  }

  #answer(resolved: ResolvedCall, decision: Plan, { ticket, attempt }: Lane): MaybePromise<ChatResponse> {
    const { lines, continued } = this.#trail
    return answer(resolved, ticket.target, attempt.fold, continued, lines, decision)
  }

  /** Tells of the failure; throws it where there is nowhere to go. */
  async #targetAfter(
    resolved: ResolvedCall,
    { error, attempt, target, final }: FailedTurn,
    out: EventSink,
  ): Promise<ModelTarget> {
    const engine = this.#engine
    const trail = this.#trail
    trail.errors.push(error)
    const step: Step = final
      ? { action: 'fail' }
      : nextStep(engine, resolved, trail, target, error, trail.alarm.restMs())
    if (step.action === 'fail') {
      await put(out, [{ type: 'attempt_failed', attempt, error }])
      throw this.#worthTelling(resolved, error)
    }
    const next = step.action === 'retry' ? target : step.target
    const waitMs = step.action === 'retry' ? step.waitMs : 0
    await put(out, [{ type: 'attempt_failed', attempt, error, next, waitMs }])
    if (step.action === 'retry') engine.emitter.emit('retry', { target, waitMs, error })
    else trail.taken = 0
    await trail.sleep(waitMs)
    return next
  }

  /** That a circuit is open says less than the failure that came before it, and what counts is when any target opens again. */
  #worthTelling(resolved: ResolvedCall, error: LLMError): LLMError {
    if (error.kind !== 'circuit_open') return error
    const before = this.#trail.errors.findLast((earlier) => earlier.kind !== 'circuit_open')
    if (before !== undefined) return before
    const soonestAt = soonestOpening(this.#engine, targetsAfter(resolved, error))
    const soonestMs = Math.ceil(soonestAt - this.#engine.clock.now())
    return soonestMs < error.retryAfterMs! ? withFacts(error, { retryAfterMs: soonestMs }) : error // the gate sets it
  }

  /** The error of the call: the last failure, with the bill of all attempts and every cause. */
  #conclude(thrown: unknown): LLMError {
    const { lines, errors, partial } = this.#trail
    const error = LLMError.is(thrown)
      ? thrown
      : new LLMError('config', 'the call could not be prepared', { cause: thrown })
    const costUsd = totalUsd(lines)
    return withFacts(error, {
      attempts: lines,
      ...(costUsd !== undefined && { costUsd }),
      // No line, no request.
      ...(lines.length === 0 && { billed: 'no' as const }),
      partial: error.partial ?? partial,
      ...(errors.length > 1 && { cause: new AggregateError(errors, 'every attempt of the call failed') }),
    })
  }
}

/** Tool calls are told whole, and once it is known that they stay. */
function endOf(response: ChatResponse): readonly ChatEvent[] {
  const finish: ChatEvent = { type: 'finish', response }
  const { toolCalls } = response
  if (toolCalls.length === 0) return [finish]
  return [...toolCalls.map((toolCall) => ({ type: 'tool_call' as const, toolCall })), finish]
}

/** Has the signal of a call end it; returns what undoes that. */
function listen(signal: AbortSignal, guard: Guard): () => void {
  const onAbort = (): void =>
    guard.cut(new LLMError('cancelled', 'the call was cancelled by its signal', { cause: signal.reason }))
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return () => signal.removeEventListener('abort', onAbort)
}
