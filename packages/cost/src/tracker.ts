import type { Budget, MaybePromise, Pricing, ReserveRequest, ReserveResult, Scope, Settlement } from '@wayfare/core'
import { answerOf, askFor } from './admit.ts'
import { Calendars, type Calendar } from './calendar.ts'
import { systemClock } from './clock.ts'
import { CostConfigError } from './error.ts'
import { LimitBook } from './limit-book.ts'
import { limitState } from './limit-state.ts'
import type { Limits, LimitSettings } from './limits.ts'
import { after } from './maybe-promise.ts'
import { MemoryStore } from './memory.ts'
import { checkOptions, type CostTrackerOptions, type LimitState, type RecordedSpend } from './options.ts'
import { postingOf } from './posting.ts'
import { Oddities, type Anomalies, type Overruns, type UnpricedSpend } from './oddities.ts'
import { leftOf, type LimitLeft } from './left.ts'
import { Reach } from './reach.ts'
import { readScopes } from './read-scopes.ts'
import { readSpend } from './recorded.ts'
import { readReport, reportOf, type CostReport, type Dimension } from './report.ts'
import { mayWait, Room } from './room.ts'
import { checkName } from './shape.ts'
import { agentOf, agentStats, sessionStats, spendOf, type AgentStats, type SessionStats, type Spend } from './spend.ts'
import type { CallScopes, CostStore } from './store.ts'
import { Warnings } from './warnings.ts'

/** Holds spending limits, and keeps the bill. One tracker serves any number of routers. */
export class CostTracker implements Budget {
  readonly #store: CostStore
  readonly #reach: Reach
  readonly #book: LimitBook
  readonly #calendars: Calendars
  readonly #room: Room
  #options: CostTrackerOptions
  readonly #warnings: Warnings
  readonly #oddities = new Oddities()
  #ignored = 0
  #today: Calendar | undefined

  /** Throws a `config` error for limits or a time zone that cannot be right. */
  constructor(options: CostTrackerOptions = {}) {
    checkOptions(options)
    const { clock = systemClock, limits = {} } = options
    this.#options = options
    this.#warnings = new Warnings(options.onWarning)
    this.#calendars = new Calendars(options.timeZone)
    this.#book = new LimitBook(limits, (where) => this.#warnings.zero(where))
    this.#store = options.store ?? new MemoryStore({ clock })
    this.#room = new Room(this.#store.shared === true ? clock : undefined)
    this.#reach = new Reach(this.#store, clock, options.onStoreDown ?? 'closed', {
      changed: () => this.#room.changed(),
      unknown: (id) => this.#ignore(id),
      down: () => this.#warnings.storeDown(),
      gaveUp: () => this.#warnings.gaveUp(),
    })
  }

  reserve(request: ReserveRequest): MaybePromise<ReserveResult> {
    return this.#options.onBudget === 'wait' ? this.#reserveOrWait(request) : this.#tryReserve(request)
  }

  /** Throws when there is no such reservation (any more): its room may be another's by now. */
  dispatch(attemptId: string): MaybePromise<void> {
    return after(this.#reach.dispatch(attemptId), (known) => {
      if (!known)
        throw new Error(`the reservation of "${attemptId}" is no more, its lease may have ended; send nothing`)
    })
  }

  /** Also when the store is down: it is told when it is up again. */
  settle(attemptId: string, settlement: Settlement): MaybePromise<void> {
    const odd: string[] = []
    const posting = postingOf(settlement, odd)
    this.#oddities.settle(attemptId, settlement, odd, posting)
    return this.#reach.settle(attemptId, posting)
  }

  /** As `settle`. */
  void(attemptId: string): MaybePromise<void> {
    this.#oddities.end(attemptId)
    return this.#reach.void(attemptId)
  }

  /** What the store could not be told yet, as it was down. */
  get unsent(): number {
    return this.#reach.unsent
  }

  /** Before an exit: tells the store what it could not be told while it was down; resolves with how much of it is left. */
  async flush(): Promise<number> {
    return this.#reach.flush()
  }

  /** Settlements that no reservation belonged to: repeated, or of an attempt that was never reserved. */
  get ignored(): number {
    return this.#ignored
  }

  /** What this tracker was told of since it was made that nobody knows the price of. */
  get unpriced(): UnpricedSpend {
    return this.#oddities.unpriced
  }

  /** Likewise, of attempts that cost more than was reserved. */
  get overruns(): Overruns {
    return this.#oddities.overruns
  }

  /** Likewise, of figures that could not be right. */
  get anomalies(): Anomalies {
    return this.#oddities.anomalies
  }

  /** Prices for a tracker that was made without: from then on its limits can be kept. The first prices that it has stay. */
  adoptPricing(pricing: Pricing): void {
    if (this.#options.pricing === undefined) this.#options = { ...this.#options, pricing }
  }

  get limits(): LimitSettings {
    return this.#book.settings
  }

  /**
   * Sets the limit of one scope by name, or (undefined) takes it away. What was spent before counts; calls under way go on,
   * whatever the new limit.
   */
  setLimits(scope: Scope, limits: Limits | undefined): void {
    this.#book.set(scope, limits)
    this.#room.changed()
  }

  /** Whether a limit that the session's calls meet (its own, its agent's, the global one) is reached. */
  async check(session: string): Promise<LimitState> {
    checkName(session, 'the session to check')
    return this.#state({ session })
  }

  /** What is left of each limit that such a call would meet, the widest scope first. */
  async left(call: CallScopes = {}): Promise<readonly LimitLeft[]> {
    const limits = this.#book.of(readScopes(call, 'the call'))
    await this.#sweep()
    return leftOf(this.#store, limits, this.#calendarAt)
  }

  /** Zeros for a session that is not known. */
  async session(id: string): Promise<SessionStats> {
    await this.#sweep()
    return sessionStats(id, await this.#store.figures({ kind: 'session', id }), agentOf(id))
  }

  async global(): Promise<Spend> {
    await this.#sweep()
    const figures = await this.#store.figures({ kind: 'global' })
    return spendOf(figures, figures?.pending)
  }

  /** In order of first use, 1,000 at a time by default; `next` goes into the following call as `after`. */
  async sessions(
    options: { limit?: number | undefined; after?: string | undefined } = {},
  ): Promise<{ readonly sessions: readonly SessionStats[]; readonly next?: string }> {
    const { limit = 1_000, after: from } = options
    if (!(limit >= 1)) throw new CostConfigError(`limit is ${limit}; ask for one session or more`)
    await this.#sweep()
    const { sessions, next } = await this.#store.sessions(Math.floor(limit), from)
    const page = sessions.map((figures) => sessionStats(figures.session, figures, undefined))
    return next === undefined ? { sessions: page } : { sessions: page, next }
  }

  async agents(): Promise<readonly AgentStats[]> {
    await this.#sweep()
    return (await this.#store.agents()).map(agentStats)
  }

  /** Removes the session's name and figures; what it spent stays in the other scopes and in the bill. */
  async forget(session: string): Promise<void> {
    await this.#store.forget(session)
  }

  /** Posts spend that was not reserved. True while none of the hard limits that it counts in is reached. */
  async record(spend: RecordedSpend): Promise<boolean> {
    const { id, call, posting } = readSpend(spend)
    await this.#store.record({ id, call, posting, calendarAt: this.#calendarAt })
    return (await this.#state({ ...call, agent: spend.agent })) !== 'hard_exceeded'
  }

  /** The bill by whole days of the tracker's time zone; `from` and `to` are both included. */
  async report<const D extends readonly Dimension[]>(options: {
    by: D
    from?: Date | undefined
    to?: Date | undefined
  }): Promise<CostReport<D[number]>> {
    const { by, from, to } = readReport(options)
    await this.#sweep()
    const first = from === undefined ? '0000' : this.#calendars.dayOf(from.getTime())
    const last = to === undefined ? '9999' : this.#calendars.dayOf(to.getTime())
    return reportOf<D[number]>(by, await this.#store.rows(first, last))
  }

  async #state(call: CallScopes): Promise<LimitState> {
    await this.#sweep()
    return limitState(this.#store, this.#book, call, this.#calendarAt)
  }

  #reserveOrWait(request: ReserveRequest): MaybePromise<ReserveResult> {
    const { version } = this.#room
    return after(this.#tryReserve(request), (answer) =>
      mayWait(answer) ? this.#room.wait(request.signal, answer, version, () => this.#tryReserve(request)) : answer,
    )
  }

  #tryReserve(request: ReserveRequest): MaybePromise<ReserveResult> {
    const { session } = request
    const call: CallScopes = {
      provider: request.provider,
      model: request.model,
      session,
      agent: request.agent ?? (session === undefined ? undefined : agentOf(session)),
      tags: request.tags,
    }
    const passed = this.#book.passedBy(call)
    if (passed !== undefined) this.#warnings.passedBy(passed)
    const ask = askFor(request, call, this.#book.of(call), this.#calendarAt, this.#options)
    if ('refusal' in ask) return ask.refusal
    if (ask.worst === undefined) this.#oddities.begin(request.attemptId, `${request.provider}/${request.model}`)
    return after(this.#reach.reserve(ask.order), (admission) => answerOf(admission, request, ask))
  }

  /** A clock that is set back is not followed: what is spent until it has caught up counts in the windows already entered. */
  readonly #calendarAt = (ms: number): Calendar => {
    const now = this.#calendars.at(ms)
    if (this.#today === undefined || now.day > this.#today.day) this.#today = now
    return this.#today
  }

  async #sweep(): Promise<void> {
    if ((await this.#store.sweep()) > 0) this.#room.changed()
  }

  #ignore(attemptId: string): void {
    this.#ignored++
    this.#warnings.unknownAttempt(attemptId)
  }
}
