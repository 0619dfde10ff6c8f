import type { MaybePromise } from './contract/budget.ts'
import type { ProviderEvent } from './contract/provider.ts'
import type { Attempt, ChatEvent } from './contract/response.ts'
import type { Alarm } from './alarm.ts'
import { eventsOf } from './pulled.ts'
import { attemptLine, priceOf, settlementOf, unsent } from './bill.ts'
import type { Cost } from './bill.ts'
import { put } from './channel.ts'
import { chargeAnswer, chargeFailure, chargeRunningOn } from './charge.ts'
import type { Charge } from './charge.ts'
import { isLeft } from './drains.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { withFacts } from './facts.ts'
import { Fold } from './fold.ts'
import { leave } from './leave.ts'
import { isMistake } from './mistake.ts'
import { Puller } from './puller.ts'
import type { Taker } from './puller.ts'
import { keyOf } from './reference.ts'
import { dispatch, release, settle } from './reservation.ts'
import type { ResolvedCall } from './resolve.ts'
import type { EventSink } from './run.ts'
import type { Ticket } from './ticket.ts'
import { Watch } from './watch.ts'

/** Longer than any work that blocks an event loop: the process or the machine did not run. */
const sleptMs = 30_000

/** One request to one provider: pulls its events, keeps its timers, and settles its bill however it ends. */
export class AttemptRun implements Taker {
  readonly fold: Fold = new Fold()
  /** Set when the attempt has ended, unless it was never dispatched. */
  line: Attempt | undefined
  error: LLMError | undefined
  readonly #engine: Engine
  readonly #ticket: Ticket
  readonly #key: string
  readonly #call: ResolvedCall['call']
  readonly #watch: Watch
  readonly #startedAt: number
  /** When the provider was first pulled: nothing was sent before. Clock milliseconds. */
  #sentMs: number | undefined
  #firstOutputMs: number | undefined
  #answering = false
  /** Whether the provider has told anything. */
  #heard = false
  #dispatch: 'none' | 'asked' | 'done' = 'none'
  /** Set when the provider is about to be asked. */
  #puller: Puller | undefined

  constructor(engine: Engine, ticket: Ticket, alarm: Alarm, { timers, call }: Pick<ResolvedCall, 'timers' | 'call'>) {
    this.#engine = engine
    this.#ticket = ticket
    this.#key = keyOf(ticket.target)
    this.#call = call
    this.#watch = new Watch(engine.clock, alarm, timers, ticket.guard)
    this.#startedAt = engine.clock.date().getTime()
  }

  /** Whether no server is to blame for its connection: none was asked, or the process was suspended meanwhile. */
  get excused(): boolean {
    if (this.#sentMs === undefined) return true
    // Steady clocks of some systems stand still while the machine sleeps; the wall clock never does.
    const wallMs = this.#engine.clock.date().getTime() - this.#startedAt
    return Math.max(this.#watch.mostLateMs, wallMs - this.#elapsed()) > sleptMs
  }

  /** Called when the breakers are told how it ended, and not before: until then its answer speaks for the target. */
  stopAnswering(): void {
    if (this.#answering) this.#engine.breakers.answering(this.#key, -1)
    this.#answering = false
  }

  /**
   * `opening` first, and when more is wanted, what the provider sends. Never throws: look at `error` when it has ended. Leaving
   * counts as cancelled.
   */
  async run(opening: readonly ChatEvent[], out: EventSink): Promise<void> {
    const { guard, request } = this.#ticket
    try {
      const opened = put(out, opening)
      if (opened !== undefined) await opened
      if (guard.reason !== undefined) throw guard.reason
      this.#dispatch = 'asked'
      const dispatched = dispatch(this.#engine, request.attemptId, guard)
      if (dispatched !== undefined) await dispatched
      this.#dispatch = 'done'
      await this.#ask(out)
      if (!this.complete)
        throw new LLMError('stream_truncated', 'the answer ended before the provider said that it was complete')
    } catch (thrown) {
      this.error = this.#classify(thrown)
    }
    this.#watch.stop()
    const puller = this.#puller
    if (puller?.open && this.#goesOn()) return this.#drain(puller)
    if (puller?.open) await leave(this.#engine.clock, guard, puller.iterator)
    const settled = this.#settle()
    if (settled !== undefined) await settled
  }

  pulling(): void {
    const now = this.#engine.clock.now()
    this.#sentMs ??= now
    this.#watch.pulling(now)
  }

  take(read: ProviderEvent | readonly ProviderEvent[]): readonly ChatEvent[] | undefined {
    const { fold } = this
    const { progress, begun } = fold
    this.#heard = true
    const shown = fold.addAll(eventsOf(read))
    this.#watch.pulled(fold.progress !== progress, fold.content)
    if (fold.content && this.#firstOutputMs === undefined) {
      this.#firstOutputMs = this.#elapsed()
      this.#answering = true
      this.#engine.breakers.answering(this.#key, 1)
    }
    // Whoever races this attempt hears that its answer has begun, though there is nothing to show yet.
    return shown.length > 0 || fold.begun !== begun ? shown : undefined
  }

  get complete(): boolean {
    return this.fold.finished !== undefined
  }

  /** Resolves at the end of the provider's events. */
  #ask(out: EventSink): Promise<void> {
    const { guard, provider, request } = this.#ticket
    if (this.#call.onAbort === 'drain') guard.linger(isLeft)
    this.#puller = new Puller(provider.chat(request)[Symbol.asyncIterator](), guard, this, out)
    guard.admit(this.#puller)
    return this.#puller.run()
  }

  /** Whether it is to be read on for its bill: it was sent, and then left, not failed. */
  #goesOn(): boolean {
    const { error } = this
    if (this.#call.onAbort !== 'drain' || this.#sentMs === undefined || this.complete) return false
    return error !== undefined && isLeft(error)
  }

  #drain({ iterator, pending }: Puller): void {
    this.line = this.#lineOf(this.#charge(), { pricingSource: 'unknown' })
    const answer = { iterator, pending, fold: this.fold, guard: this.#ticket.guard }
    this.#engine.drains.start(answer, () => this.#settle())
  }

  /** What ended the attempt: whoever cut it knows better than the provider that was cut. */
  #classify(thrown: unknown): LLMError {
    const { guard, target } = this.#ticket
    const error = guard.reason ?? thrown
    const { provider, model } = target
    if (LLMError.is(error)) {
      if (error.provider !== undefined && error.model !== undefined) return error
      return withFacts(error, { provider: error.provider ?? provider, model: error.model ?? model })
    }
    const name = error instanceof Error ? error.name : typeof error
    return new LLMError(
      'protocol',
      `the provider "${provider}" threw a ${name} instead of an LLMError; see its cause`,
      {
        provider,
        model,
        cause: error,
        // It stumbled over the request before it sent it: no fault of the vendor's, and the next try would stumble too.
        ...(!this.#heard && isMistake(error) && { phase: 'input' as const, retryable: false, billed: 'no' as const }),
      },
    )
  }

  #settle(): MaybePromise<void> {
    const { target, provider, request, reservation } = this.#ticket
    const { attemptId } = request
    if (this.#dispatch === 'none') return release(this.#engine, attemptId)
    // Whether the store has heard of it nobody knows: what it believes to be sent it would not free.
    if (this.#dispatch === 'asked') return settle(this.#engine, attemptId, unsent)
    const charge = this.#charge()
    if (charge.usageSource === 'reported')
      this.#engine.calibration.learn(this.#key, this.#call.session, request, charge.usage)
    const { amountUsd, pricing } = reservation
    const purchase = { target, provider, pricing, at: this.#startedAt }
    const cost = priceOf(this.#engine, purchase, this.fold, charge)
    const line = this.#lineOf(charge, cost)
    this.line ??= line
    const problems = cost.problem === undefined ? charge.problems : [cost.problem, ...charge.problems]
    const settling = settle(this.#engine, attemptId, settlementOf(this.#engine, line, amountUsd, problems))
    if (settling === undefined) this.#engine.emitter.emit('attempt', line)
    else return settling.then(() => this.#engine.emitter.emit('attempt', line))
  }

  #lineOf(charge: Charge, cost: Cost): Attempt {
    const { target, request } = this.#ticket
    const times = { startedAt: this.#startedAt, firstOutputMs: this.#firstOutputMs, totalMs: this.#elapsed() }
    return attemptLine(request.attemptId, target, this.fold, times, charge, cost, this.error)
  }

  #charge(): Charge {
    const { fold, error } = this
    const { target, provider, request, reservation } = this.#ticket
    const countInput = (): number => this.#engine.calibration.input(this.#key, this.#call.session, request)
    // Left at its very end it is as whole as any.
    if (error === undefined || (error.kind === 'cancelled' && fold.finished !== undefined))
      return chargeAnswer(fold, request, countInput)
    const sentMs = this.#sentMs
    const sinceSentMs = sentMs === undefined ? undefined : this.#engine.clock.now() - sentMs
    const seen = chargeFailure(fold, request, error, sinceSentMs, countInput)
    if (error.kind !== 'cancelled' || !Number.isFinite(reservation.amountUsd)) return seen
    return provider.traits?.(target.model).stopsOnAbort ? seen : chargeRunningOn(seen, request)
  }

  #elapsed(): number {
    return this.#engine.clock.now() - this.#watch.startedMs
  }
}
