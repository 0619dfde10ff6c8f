import type { Budget, MaybePromise, Pricing, ReserveRequest, ReserveResult, Scope, Settlement } from '@wayfare/core'
import { answerOf, askFor } from './admit.ts'
import { Calendars, type Calendar } from './calendar.ts'
import { systemClock } from './clock.ts'
import { CostConfigError } from './error.ts'
import { LimitBook } from './limit-book.ts'
import type { Limits, LimitSettings } from './limits.ts'
import { after } from './maybe-promise.ts'
import { MemoryStore } from './memory.ts'
import {
  checkOptions,
  type CostTrackerOptions,
  type CostWarning,
  type LimitState,
  type RecordedSpend,
} from './options.ts'
import { postingOf } from './posting.ts'
import { Reach } from './reach.ts'
import { readSpend } from './recorded.ts'
import { readReport, reportOf, type CostReport, type Dimension } from './report.ts'
import { mayWait, Room } from './room.ts'
import { checkName } from './shape.ts'
import { agentOf, sessionStats, spendOf, type AgentStats, type SessionStats, type Spend } from './spend.ts'
import type { CallScopes, CostStore } from './store.ts'

/** Holds spending limits, and keeps the bill. One tracker serves any number of routers. */
export class CostTracker implements Budget {
  readonly #store: CostStore
  readonly #reach: Reach
  readonly #book: LimitBook
  readonly #calendars: Calendars
  readonly #room: Room
  #options: CostTrackerOptions
  readonly #warned = new Set<string>()
  #ignored = 0
  #today: Calendar | undefined

  /** Throws a `config` error for limits or a time zone that cannot be right. */
  constructor(options: CostTrackerOptions = {}) {
    checkOptions(options)
    const { clock = systemClock, limits = {} } = options
    this.#options = options
    this.#calendars = new Calendars(options.timeZone)
    this.#book = new LimitBook(limits, (where) =>
      this.#warn('limit_zero', where, `${where} is 0, which means no limit; leave it out, or use a small amount`),
    )
    this.#store = options.store ?? new MemoryStore({ clock })
    this.#room = new Room(this.#store.shared === true ? clock : undefined)
    this.#reach = new Reach(this.#store, clock, options.onStoreDown ?? 'closed', {
      changed: () => this.#room.changed(),
      unknown: (id) => this.#ignore(id),
      down: () => this.#warn('store_down', '', 'the store of the ledger is down, and calls go on as onStoreDown says'),
    })
  }

  reserve(request: ReserveRequest): MaybePromise<ReserveResult> {
    const { version } = this.#room
    const result = this.#tryReserve(request)
    if (this.#options.onBudget !== 'wait') return result
    const wait = (answer: ReserveResult): MaybePromise<ReserveResult> =>
      mayWait(answer) ? this.#room.wait(request.signal, answer, version, () => this.#tryReserve(request)) : answer
    return after(result, wait)
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
    return this.#reach.settle(attemptId, postingOf(settlement))
  }

  /** As `settle`. */
  void(attemptId: string): MaybePromise<void> {
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
    const agents = await this.#store.agents()
    return agents.map((figures) => ({
      agent: figures.agent,
      sessions: figures.sessions,
      ...spendOf(figures, figures.pending),
    }))
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
    const { session } = call
    const known = session === undefined ? undefined : await this.#store.figures({ kind: 'session', id: session })
    const agent = call.agent ?? known?.agent ?? (session === undefined ? undefined : agentOf(session))
    const limits = this.#book.of({ ...call, agent })
    const posted = await this.#store.posted(limits, this.#calendarAt)
    const reached = (kind: 'hard' | 'soft'): boolean =>
      limits.some((limit, i) => limit[kind] !== undefined && (posted[i] ?? 0) >= limit[kind])
    return reached('hard') ? 'hard_exceeded' : reached('soft') ? 'soft_exceeded' : 'within'
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
    const ask = askFor(request, call, this.#book.of(call), this.#calendarAt, this.#options)
    if ('refusal' in ask) return ask.refusal
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
    this.#warn('unknown_attempt', '', `the attempt "${attemptId}" has no reservation; its settlement was ignored`)
  }

  #warn(code: CostWarning['code'], once: string, message: string): void {
    const key = `${code} ${once}`
    if (this.#warned.has(key)) return
    this.#warned.add(key)
    this.#options.onWarning?.({ code, message })
  }
}
