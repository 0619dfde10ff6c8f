import type { Scope } from '@wayfare/core'
import type { Account } from './account.ts'
import { Calendars, windowId, type Calendar } from './calendar.ts'
import { Ledger } from './ledger.ts'
import type { Route } from './route.ts'
import { RowBook, tagKeyOf } from './rows.ts'
import { bitsOf, isNothing } from './tally.ts'
import type {
  AgentFigures,
  CallScopes,
  Posting,
  ScopeFigures,
  ScopeLimit,
  SessionPage,
  SoftMark,
  SpendRow,
} from './store.ts'

/** What a call is posted to. */
export interface Entry {
  readonly call: CallScopes
  readonly calendar: Calendar
  readonly accounts: readonly Account[]
}

export const noSoft: readonly SoftMark[] = []

/** What every scope has spent, and the bill. */
export class Book {
  readonly ledger: Ledger
  readonly bill: RowBook

  constructor(maxSessions: number, maxRows: number) {
    // Every account enters the calendar of its first call; this one is before all.
    this.ledger = new Ledger(maxSessions, new Calendars().at(0))
    this.bill = new RowBook(maxRows)
  }

  post({ call, calendar, accounts }: Entry, nano: number, posting: Posting, attempts: number): void {
    const bit = bitsOf(posting)
    for (const account of accounts) {
      account.count(nano, posting, attempts, bit)
      account.addToWindows(nano, calendar)
    }
    if (isNothing(nano, posting, attempts)) return
    // The narrowest account remembers the row best: the session's, else the model's.
    const keeper = accounts[call.session === undefined ? accounts.length - 1 : call.agent === undefined ? 1 : 2]
    const scopes = keeper?.forgotten === true ? { ...call, session: undefined } : call
    const tagKey = tagKeyOf(call.tags)
    let row = keeper?.row
    if (row === undefined || !row.isOf(calendar.day, scopes, tagKey)) {
      row = this.bill.row(calendar.day, scopes, tagKey)
      if (keeper !== undefined) keeper.row = row
    }
    row.count(nano, posting, attempts, bit)
  }

  /** The soft limits that are reached, which are told by this. */
  softMarks(limits: readonly ScopeLimit[], calendar: Calendar, route?: Route): readonly SoftMark[] {
    let marks: SoftMark[] | undefined
    for (const limit of limits) {
      if (limit.soft === undefined) continue
      const account = this.ledger.find(limit.scope, route)
      const posted = account?.postedIn(limit.window, calendar) ?? 0
      if (account === undefined || posted < limit.soft) continue
      const window = windowId(calendar, limit.window)
      marks ??= []
      marks.push({ limit, posted, first: account.told !== window })
      account.told = window
    }
    return marks ?? noSoft
  }

  posted(limits: readonly ScopeLimit[], calendar: Calendar): number[] {
    return limits.map(({ scope, window }) => this.ledger.find(scope)?.postedIn(window, calendar) ?? 0)
  }

  figures(scope: Scope): ScopeFigures | undefined {
    return this.ledger.find(scope)?.scopeFigures()
  }

  sessions(limit: number, after: string | undefined): SessionPage {
    const from = Number(after ?? 0)
    const sessions: (ScopeFigures & { readonly session: string })[] = []
    let last = 0
    for (const [session, account] of this.ledger.sessions.entries()) {
      if (account.number <= from) continue
      if (sessions.length === limit) return { sessions, next: String(last) }
      sessions.push({ session, ...account.scopeFigures() })
      last = account.number
    }
    return { sessions }
  }

  agents(): AgentFigures[] {
    return [...this.ledger.agents.entries()].map(([agent, account]) => ({
      ...account.scopeFigures(),
      agent,
      sessions: account.sessions,
    }))
  }

  rows(from: string, to: string): SpendRow[] {
    return this.bill.between(from, to)
  }

  forget(session: string): void {
    this.ledger.forgetSession(session)
    this.bill.forget(session)
  }
}
