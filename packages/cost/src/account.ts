import type { Window } from '@wayfare/core'
import type { Calendar } from './calendar.ts'
import type { Route } from './route.ts'
import type { Row } from './rows.ts'
import type { ScopeFigures } from './store.ts'
import { Tally } from './tally.ts'

/** What one scope has spent, in every window at once, so that a limit set later finds its history. */
export class Account extends Tally {
  pending = 0
  /** The windows that the figures below belong to. */
  calendar: Calendar
  dayPosted = 0
  weekPosted = 0
  monthPosted = 0
  /** The window in which its soft limit was last told. */
  told: string | undefined
  /** Used again since the last search for idle accounts. */
  used = false
  /** Of a session. */
  agent: Account | undefined
  agentName: string | undefined
  /** Of an agent. */
  sessions = 0
  /** Where the last posting went: the next one mostly goes there, too. */
  row: Row | undefined
  /** Of a session, or of a model: of its last call. */
  route: Route | undefined
  forgotten = false
  /** In order of first use. */
  number = 0

  constructor(calendar: Calendar) {
    super()
    this.calendar = calendar
  }

  /** Begins the windows that a new day begins. Time that runs backwards is not followed. */
  enter(calendar: Calendar): void {
    const before = this.calendar
    if (calendar === before || calendar.day <= before.day) return
    this.dayPosted = 0
    if (calendar.week !== before.week) this.weekPosted = 0
    if (calendar.month !== before.month) this.monthPosted = 0
    this.calendar = calendar
  }

  /** Sets an amount aside. */
  hold(amount: number, calendar: Calendar): void {
    this.enter(calendar)
    this.pending += amount
  }

  /** Adds to the windows of `calendar` as far as they still run. */
  addToWindows(nano: number, calendar: Calendar): void {
    const now = this.calendar
    if (calendar === now) {
      this.dayPosted += nano
      this.weekPosted += nano
      this.monthPosted += nano
      return
    }
    if (calendar.day === now.day) this.dayPosted += nano
    if (calendar.week === now.week) this.weekPosted += nano
    if (calendar.month === now.month) this.monthPosted += nano
  }

  postedIn(window: Window, calendar: Calendar): number {
    this.enter(calendar)
    if (window === 'total') return this.posted
    if (window === 'day') return this.dayPosted
    return window === 'week' ? this.weekPosted : this.monthPosted
  }

  scopeFigures(): ScopeFigures {
    return { ...this.figures(), pending: this.pending, ...(this.agentName !== undefined && { agent: this.agentName }) }
  }
}
