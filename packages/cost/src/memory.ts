import type { Scope } from '@wayfare/core'
import type { Account } from './account.ts'
import { Calendars, windowId, type Calendar } from './calendar.ts'
import { systemClock, type CostClock } from './clock.ts'
import { Ledger } from './ledger.ts'
import { RowBook, tagKeyOf } from './rows.ts'
import { bitOf } from './tally.ts'
import type {
  Admission,
  AgentFigures,
  CallScopes,
  CostStore,
  Posting,
  ReserveOrder,
  ScopeFigures,
  ScopeLimit,
  SessionPage,
  SoftMark,
  SpendRow,
} from './store.ts'

export interface MemoryStoreOptions {
  readonly clock?: CostClock | undefined
  /**
   * How many sessions (and agents, models, values of a tag) are remembered, at some 300 bytes each; beyond that the one that
   * was idle longest is forgotten, and its own limits with it. Default 1,000,000.
   */
  readonly maxSessions?: number | undefined
  /** How many rows `report` can tell apart; beyond that the oldest lose detail, never money. Default 100,000. */
  readonly maxRows?: number | undefined
}

interface Reservation {
  readonly call: CallScopes
  readonly calendar: Calendar
  readonly accounts: readonly Account[]
  readonly amount: number
  readonly deadline: number
  dispatched: boolean
}

const noSoft: readonly SoftMark[] = []
const unsent: Posting = { nano: 0, inputTokens: 0, outputTokens: 0, message: false, source: 'unknown' }
const maxLapsed = 10_000

/** The ledger in this process's memory. Every method answers at once. */
export class MemoryStore implements CostStore {
  readonly kind = 'memory'
  readonly #clock: CostClock
  readonly #ledger: Ledger
  readonly #rows: RowBook
  readonly #reservations = new Map<string, Reservation>()
  /** Ended by their lease; a late settlement still finds them here. */
  readonly #lapsed = new Map<string, Reservation>()
  #nextDeadline = Infinity

  constructor(options: MemoryStoreOptions = {}) {
    const { clock = systemClock, maxSessions = 1_000_000, maxRows = 100_000 } = options
    this.#clock = clock
    // Every account enters the calendar of its first call; this one is before all.
    this.#ledger = new Ledger(maxSessions, new Calendars().at(0))
    this.#rows = new RowBook(maxRows)
  }

  now(): number {
    return this.#clock.date().getTime()
  }

  reserve({ id, call, amount, least, limits, calendar, leaseMs }: ReserveOrder): Admission {
    const now = this.#clock.now()
    if (now >= this.#nextDeadline) this.sweep()
    const known = this.#reservations.get(id)
    if (known !== undefined) return { ok: true, amount: known.amount, soft: noSoft }
    let granted = amount
    let refused: Refused | undefined
    for (const limit of limits) {
      const { hard } = limit
      // What costs nothing fits under a limit that is spent.
      if (hard === undefined || amount === 0) continue
      const account = this.#ledger.find(limit.scope)
      const posted = account?.postedIn(limit.window, calendar) ?? 0
      const room = hard - posted - (account?.pending ?? 0)
      if (room < granted) granted = room
      if (room < least) refused = worse(refused, { ok: false, limit, reason: reasonOf(hard, posted, least) })
    }
    if (refused !== undefined) return refused
    const accounts = this.#ledger.accounts(call, calendar)
    for (const account of accounts) {
      account.enter(calendar)
      account.pending += granted
    }
    const deadline = now + leaseMs
    if (deadline < this.#nextDeadline) this.#nextDeadline = deadline
    this.#lapsed.delete(id) // or it could be settled twice
    this.#reservations.set(id, { call, calendar, accounts, amount: granted, deadline, dispatched: false })
    return { ok: true, amount: granted, soft: this.#softMarks(limits, calendar) }
  }

  dispatch(id: string): boolean {
    const reservation = this.#reservations.get(id)
    if (reservation === undefined) return false
    reservation.dispatched = true
    return true
  }

  settle(id: string, posting: Posting): boolean {
    const reservation = this.#reservations.get(id)
    if (reservation !== undefined) {
      this.#reservations.delete(id)
      for (const account of reservation.accounts) account.pending -= reservation.amount
      this.#post(reservation, posting.nano ?? 0, posting, 1)
      return true
    }
    const late = this.#lapsed.get(id)
    if (late === undefined) return false
    this.#lapsed.delete(id)
    const charged = late.dispatched ? late.amount : 0
    this.#post(late, (posting.nano ?? 0) - charged, posting, late.dispatched ? 0 : 1)
    return true
  }

  void(id: string): boolean {
    const reservation = this.#reservations.get(id)
    if (reservation === undefined || reservation.dispatched) return false
    this.#reservations.delete(id)
    for (const account of reservation.accounts) account.pending -= reservation.amount
    return true
  }

  sweep(): number {
    const now = this.#clock.now()
    let ended = 0
    let next = Infinity
    for (const [id, reservation] of this.#reservations) {
      if (reservation.deadline > now) {
        next = Math.min(next, reservation.deadline)
        continue
      }
      this.#reservations.delete(id)
      for (const account of reservation.accounts) account.pending -= reservation.amount
      if (reservation.dispatched) this.#post(reservation, reservation.amount, unsent, 1)
      this.#remember(id, reservation)
      ended++
    }
    this.#nextDeadline = next
    return ended
  }

  record(call: CallScopes, posting: Posting, calendar: Calendar): void {
    const accounts = this.#ledger.accounts(call, calendar)
    for (const account of accounts) account.enter(calendar)
    this.#post({ call, calendar, accounts }, posting.nano ?? 0, posting, 1)
  }

  posted(limits: readonly ScopeLimit[], calendar: Calendar): number[] {
    return limits.map(({ scope, window }) => this.#ledger.find(scope)?.postedIn(window, calendar) ?? 0)
  }

  figures(scope: Scope): ScopeFigures | undefined {
    return this.#ledger.find(scope)?.scopeFigures()
  }

  sessions(limit: number, after: string | undefined): SessionPage {
    const from = Number(after ?? 0)
    const sessions: (ScopeFigures & { readonly session: string })[] = []
    let last = 0
    for (const [session, account] of this.#ledger.sessions.entries()) {
      if (account.number <= from) continue
      if (sessions.length === limit) return { sessions, next: String(last) }
      sessions.push({ session, ...account.scopeFigures() })
      last = account.number
    }
    return { sessions }
  }

  agents(): AgentFigures[] {
    return [...this.#ledger.agents.entries()].map(([agent, account]) => ({
      ...account.scopeFigures(),
      agent,
      sessions: account.sessions,
    }))
  }

  rows(from: string, to: string): SpendRow[] {
    return this.#rows.between(from, to)
  }

  forget(session: string): void {
    this.#ledger.forgetSession(session)
    this.#rows.forget(session)
  }

  #post(
    { call, calendar, accounts }: Pick<Reservation, 'call' | 'calendar' | 'accounts'>,
    nano: number,
    posting: Posting,
    attempts: number,
  ): void {
    const bit = bitOf(posting.source)
    for (const account of accounts) {
      account.count(nano, posting, attempts, bit)
      account.addToWindows(nano, calendar)
    }
    // The narrowest account remembers the row best: the session's, else the model's.
    const keeper = accounts[call.session === undefined ? accounts.length - 1 : call.agent === undefined ? 1 : 2]
    const scopes = keeper?.forgotten === true ? { ...call, session: undefined } : call
    const tagKey = tagKeyOf(call.tags)
    let row = keeper?.row
    if (row === undefined || !row.isOf(calendar.day, scopes, tagKey)) {
      row = this.#rows.row(calendar.day, scopes, tagKey)
      if (keeper !== undefined) keeper.row = row
    }
    row.count(nano, posting, attempts, bit)
  }

  #softMarks(limits: readonly ScopeLimit[], calendar: Calendar): readonly SoftMark[] {
    let marks: SoftMark[] | undefined
    for (const limit of limits) {
      if (limit.soft === undefined) continue
      const account = this.#ledger.find(limit.scope)
      const posted = account?.postedIn(limit.window, calendar) ?? 0
      if (account === undefined || posted < limit.soft) continue
      const window = windowId(calendar, limit.window)
      marks ??= []
      marks.push({ limit, posted, first: account.told !== window })
      account.told = window
    }
    return marks ?? noSoft
  }

  #remember(id: string, reservation: Reservation): void {
    this.#lapsed.set(id, reservation)
    const [oldest] = this.#lapsed.keys()
    if (this.#lapsed.size > maxLapsed && oldest !== undefined) this.#lapsed.delete(oldest)
  }
}

type Refused = Extract<Admission, { readonly ok: false }>

const severity = { too_large: 2, exhausted: 1, in_flight: 0 }

/** The refusal that waiting helps least against; of equals the first. */
function worse(one: Refused | undefined, other: Refused): Refused {
  return one === undefined || severity[other.reason] > severity[one.reason] ? other : one
}

function reasonOf(hard: number, posted: number, least: number): Refused['reason'] {
  if (least > hard) return 'too_large'
  return posted + least > hard ? 'exhausted' : 'in_flight'
}
