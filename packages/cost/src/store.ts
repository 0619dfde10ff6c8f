import type { BudgetReason, MaybePromise, PricingSource, Scope, Window } from '@wayfare/core'
import type { CalendarAt } from './calendar.ts'

/**
 * Where the ledger is kept. Amounts are integer nano-USD. `reserve` is atomic: it changes every scope of the call or none.
 * Every method is idempotent by id. A throw means that the store is down; a refusal is a value. Leases end, and windows are
 * entered, by the clock that all users of the store share: its own.
 */
export interface CostStore {
  readonly kind: string
  /** Other processes use it, too: room may be freed that nobody here hears of. */
  readonly shared?: boolean | undefined
  /** Asked again with the id of a reservation that lives, it answers with that one. */
  reserve(order: ReserveOrder): MaybePromise<Admission>
  /** False: no such reservation. */
  dispatch(id: string): MaybePromise<boolean>
  /**
   * Moves a reservation to posted, at the window in which it was made. A late one corrects what the sweep charged.
   * False: no such reservation, or settled before.
   */
  settle(id: string, posting: Posting): MaybePromise<boolean>
  /** Frees a reservation that was not dispatched. False: there is none. */
  void(id: string): MaybePromise<boolean>
  /** Ends what outlived its lease: reservations are freed, dispatched ones charged in full. Returns how many. */
  sweep(): MaybePromise<number>
  /**
   * Posts spend whatever the limits: with the id of a reservation as its settlement, else at the window of now (if it is
   * taken from a block that was charged, at that of the block). False: an id that was recorded or settled before. A later
   * reservation with an id that was recorded is held like any other, and ends without a posting.
   */
  record(spend: UnreservedSpend): MaybePromise<boolean>
  /** What is posted in the window of each limit. */
  posted(limits: readonly ScopeLimit[], calendarAt: CalendarAt): MaybePromise<readonly number[]>
  /** Undefined: never seen, or forgotten. */
  figures(scope: Scope): MaybePromise<ScopeFigures | undefined>
  /** In order of first use, at most `limit` of them. */
  sessions(limit: number, after: string | undefined): MaybePromise<SessionPage>
  agents(): MaybePromise<readonly AgentFigures[]>
  /** The spend of the days from one to another, both included. */
  rows(from: string, to: string): MaybePromise<readonly SpendRow[]>
  /** Removes a session's name and figures; what it spent stays in every other scope. */
  forget(session: string): MaybePromise<void>
}

/** The scopes that a call counts in, besides the global one. */
export interface CallScopes {
  readonly provider?: string | undefined
  readonly model?: string | undefined
  readonly session?: string | undefined
  readonly agent?: string | undefined
  readonly tags?: { readonly [tag: string]: string } | undefined
}

export interface ReserveOrder {
  readonly id: string
  readonly call: CallScopes
  /** What is wanted, and the least that will do; as much as fits under the hard limits is set aside. */
  readonly amount: number
  readonly least: number
  readonly limits: readonly ScopeLimit[]
  /** Asked with the store's time. */
  readonly calendarAt: CalendarAt
  readonly leaseMs: number
}

export interface UnreservedSpend {
  /** Absent: never told twice. */
  readonly id: string | undefined
  readonly call: CallScopes
  readonly posting: Posting
  readonly calendarAt: CalendarAt
  /** Taken out of the reservation of a block, or out of what its lease charged, as far as that still has so much. */
  readonly from?: { readonly id: string; readonly amount: number } | undefined
}

/** A limit that applies to a call; absent figures do not limit. */
export interface ScopeLimit {
  readonly scope: Scope
  readonly window: Window
  readonly hard?: number | undefined
  readonly soft?: number | undefined
}

export type Admission = { readonly ok: true; readonly amount: number; readonly soft: readonly SoftMark[] } | Refused

export interface Refused {
  readonly ok: false
  readonly limit: ScopeLimit
  readonly reason: Exclude<BudgetReason, 'unpriced'>
  /** Unix milliseconds of the end of the limit's window; absent for the one that never ends. */
  readonly resetsAt?: number | undefined
}

/** A soft limit that was already reached; `first` once in each scope and window. */
export interface SoftMark {
  readonly limit: ScopeLimit
  readonly posted: number
  readonly first: boolean
}

export interface Posting {
  /** Absent: the price is unknown. */
  readonly nano: number | undefined
  readonly inputTokens: number
  readonly outputTokens: number
  readonly message: boolean
  readonly source: PricingSource
  /** Absent: one. None for what is no attempt, such as the end of a block; that adds no source either. */
  readonly attempts?: 0 | undefined
}

export interface Figures {
  readonly posted: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly messages: number
  readonly attempts: number
  readonly unpriced: number
  readonly sources: readonly PricingSource[]
}

export interface ScopeFigures extends Figures {
  readonly pending: number
  /** Of a session. */
  readonly agent?: string | undefined
}

export interface SessionPage {
  readonly sessions: readonly (ScopeFigures & { readonly session: string })[]
  /** Hand it back as `after`; absent on the last page. */
  readonly next?: string | undefined
}

export interface AgentFigures extends ScopeFigures {
  readonly agent: string
  readonly sessions: number
}

export interface SpendRow extends Figures {
  readonly day: string
  readonly call: CallScopes
}
