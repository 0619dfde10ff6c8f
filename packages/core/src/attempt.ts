import type { ModelTarget } from './contract/model.ts'
import type { Provider, ProviderEvent, ProviderRequest } from './contract/provider.ts'
import type { Attempt, ChatEvent } from './contract/response.ts'
import { attemptLine, priceOf, settlementOf, toNano, unsent } from './bill.ts'
import { chargeAnswer, chargeFailure, chargeRunningOn } from './charge.ts'
import type { Charge } from './charge.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { withFacts } from './facts.ts'
import { Fold } from './fold.ts'
import type { Guard } from './guard.ts'
import { isMistake } from './mistake.ts'
import { keyOf } from './reference.ts'
import { dispatch, release, settle } from './reservation.ts'
import type { Reservation } from './reservation.ts'
import type { Timers } from './timeouts.ts'
import { Watch } from './watch.ts'

/** How long a provider may take to let go of its socket once it was told to. */
const leaveMs = 1_000

type Pulled = IteratorResult<ProviderEvent | readonly ProviderEvent[]>

/** Longer than any work that blocks an event loop: the process or the machine did not run. */
const sleptMs = 30_000

/** One request to one provider: pulls its events, keeps its timers, and settles its bill however it ends. */
export class AttemptRun {
  readonly fold: Fold = new Fold()
  /** Set when the attempt has ended, unless it was never dispatched. */
  line: Attempt | undefined
  error: LLMError | undefined
  readonly #engine: Engine
  readonly #target: ModelTarget
  readonly #key: string
  readonly #provider: Provider
  readonly #request: ProviderRequest
  readonly #reservation: Reservation
  readonly #guard: Guard
  readonly #watch: Watch
  readonly #startedAt: number
  readonly #startedMs: number
  #firstOutputMs: number | undefined
  /** When the provider was first pulled: nothing was sent before. */
  #sentMs: number | undefined
  /** Whether the provider has told anything. */
  #heard = false
  #dispatch: 'none' | 'asked' | 'done' = 'none'
  #cutPull: ((reason: unknown) => void) | undefined

  constructor(
    engine: Engine,
    target: ModelTarget,
    provider: Provider,
    request: ProviderRequest,
    reservation: Reservation,
    guard: Guard,
    timers: Timers,
  ) {
    this.#engine = engine
    this.#target = target
    this.#key = keyOf(target)
    this.#provider = provider
    this.#request = request
    this.#reservation = reservation
    this.#guard = guard
    this.#watch = new Watch(engine.clock, timers, (error) => guard.cut(error))
    this.#startedAt = engine.clock.date().getTime()
    this.#startedMs = engine.clock.now()
  }

  /** Whether the process was suspended meanwhile, which no server is to blame for. */
  get slept(): boolean {
    // Steady clocks of some systems stand still while the machine sleeps; the wall clock never does.
    const wallMs = this.#engine.clock.date().getTime() - this.#startedAt
    return Math.max(this.#watch.mostLateMs, wallMs - this.#elapsed()) > sleptMs
  }

  /** `opening` first, then what the provider sends. Never throws: look at `error` when it has ended. Leaving counts as cancelled. */
  async *events(opening: readonly ChatEvent[]): AsyncGenerator<readonly ChatEvent[], void> {
    const guard = this.#guard
    const stopListening = guard.listen((reason) => this.#cutPull?.(reason))
    let ended = false
    try {
      yield opening
      if (guard.reason !== undefined) throw guard.reason
      this.#dispatch = 'asked'
      await dispatch(this.#engine, this.#request.attemptId, guard)
      this.#dispatch = 'done'
      yield* this.#pullAll()
      if (this.fold.finished === undefined) {
        throw new LLMError('stream_truncated', 'the answer ended before the provider said that it was complete')
      }
      ended = true
    } catch (thrown) {
      ended = true
      this.error = this.#classify(thrown)
    } finally {
      if (!ended) this.error = this.#classify(new LLMError('cancelled', 'the stream was left before its end'))
      stopListening()
      this.#watch.stop()
      if (this.#firstOutputMs !== undefined) this.#engine.breakers.answering(this.#key, -1)
      await this.#settle()
    }
  }

  async *#pullAll(): AsyncGenerator<readonly ChatEvent[], void> {
    const iterator = this.#provider.chat(this.#request)[Symbol.asyncIterator]()
    let open = true
    try {
      for (;;) {
        this.#watch.pulling()
        const pulled = await this.#pull(iterator).catch((thrown: unknown) => {
          // What the provider has called complete stays so, whatever becomes of its connection afterwards.
          if (this.fold.finished === undefined) throw thrown
        })
        if (pulled === undefined) return
        if (pulled.done) break
        const { begun } = this.fold
        const shown = this.#take(pulled.value)
        // Whoever races this attempt hears that its answer has begun, though there is nothing to show yet.
        if (shown.length > 0 || this.fold.begun !== begun) yield shown
      }
      open = false
    } finally {
      if (open) await this.#leave(iterator)
    }
  }

  #pull(iterator: AsyncIterator<ProviderEvent | readonly ProviderEvent[]>): Promise<Pulled> {
    return new Promise((resolve, reject) => {
      const { reason } = this.#guard
      if (reason !== undefined) {
        reject(reason)
        return
      }
      this.#cutPull = reject
      this.#sentMs ??= this.#engine.clock.now()
      iterator.next().then(resolve, reject)
    })
  }

  #take(value: ProviderEvent | readonly ProviderEvent[]): readonly ChatEvent[] {
    const { fold } = this
    this.#heard = true
    const before = fold.progress
    const shown: ChatEvent[] = []
    if (isBatch(value)) for (const event of value) fold.add(event, shown)
    else fold.add(value, shown)
    this.#watch.pulled(fold.progress !== before, fold.content)
    if (fold.content && this.#firstOutputMs === undefined) {
      this.#firstOutputMs = this.#elapsed()
      this.#engine.breakers.answering(this.#key, 1)
    }
    return shown
  }

  /** Tells the provider to stop and waits until it has, but not for one that will not. */
  async #leave(iterator: AsyncIterator<unknown>): Promise<void> {
    this.#guard.leave()
    let patience: { clear(): void } | undefined
    const waited = new Promise<void>((resolve) => {
      patience = this.#engine.clock.timer(leaveMs, resolve)
    })
    await Promise.race([waited, returned(iterator)])
    patience?.clear()
  }

  /** What ended the attempt: whoever cut it knows better than the provider that was cut. */
  #classify(thrown: unknown): LLMError {
    const error = this.#guard.reason ?? thrown
    const { provider, model } = this.#target
    if (LLMError.is(error)) {
      if (error.provider !== undefined && error.model !== undefined) return error
      return withFacts(error, { provider: error.provider ?? provider, model: error.model ?? model })
    }
    const name = error instanceof Error ? error.name : typeof error
    return new LLMError('protocol', `the provider "${provider}" threw a ${name} instead of an LLMError`, {
      provider,
      model,
      cause: error,
      // It stumbled over the request before it sent it: no fault of the vendor's, and the next try would stumble too.
      ...(!this.#heard && isMistake(error) && { phase: 'input' as const, retryable: false, billed: 'no' as const }),
    })
  }

  async #settle(): Promise<void> {
    const { attemptId } = this.#request
    if (this.#dispatch === 'none') return release(this.#engine, attemptId)
    // Whether the store has heard of it nobody knows: what it believes to be sent it would not free.
    if (this.#dispatch === 'asked') return settle(this.#engine, attemptId, unsent)
    const times = { startedAt: this.#startedAt, firstOutputMs: this.#firstOutputMs, totalMs: this.#elapsed() }
    const charge = this.#charge()
    const purchase = {
      target: this.#target,
      provider: this.#provider,
      pricing: this.#reservation.pricing,
      at: this.#startedAt,
    }
    const cost = priceOf(this.#engine, purchase, this.fold, charge)
    this.line = attemptLine(attemptId, this.#target, this.fold, times, charge, cost, this.error)
    for (const problem of charge.problems) this.#engine.emitter.emit('usage_anomaly', { target: this.#target, problem })
    const { amountUsd } = this.#reservation
    if (cost.costUsd !== undefined && toNano(cost.costUsd) > toNano(amountUsd)) {
      this.#engine.emitter.emit('budget_overrun', { attemptId, reservedUsd: amountUsd, costUsd: cost.costUsd })
    }
    await settle(this.#engine, attemptId, settlementOf(charge, cost, this.error === undefined))
    this.#engine.emitter.emit('attempt', this.line)
  }

  #charge(): Charge {
    if (this.error === undefined) return chargeAnswer(this.fold, this.#request)
    const seen = chargeFailure(this.fold, this.#request, this.error, this.#sinceSent())
    const limited = Number.isFinite(this.#reservation.amountUsd)
    if (this.error.kind !== 'cancelled' || !limited) return seen
    return this.#provider.traits?.(this.#target.model).stopsOnAbort ? seen : chargeRunningOn(seen, this.#request)
  }

  #sinceSent(): number | undefined {
    return this.#sentMs === undefined ? undefined : this.#engine.clock.now() - this.#sentMs
  }

  #elapsed(): number {
    return this.#engine.clock.now() - this.#startedMs
  }
}

async function returned(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.()
  } catch {
    // why it failed to leave is of no interest: the attempt has its reason already
  }
}

// Array.isArray does not narrow readonly arrays.
function isBatch(value: ProviderEvent | readonly ProviderEvent[]): value is readonly ProviderEvent[] {
  return Array.isArray(value)
}
