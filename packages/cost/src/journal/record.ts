import type { Scope, Window } from '@wayfare/core'
import type { Calendar } from '../calendar.ts'
import type { CallScopes, Posting, UnreservedSpend } from '../store.ts'

/** What a line of the journal says: a part of the state at the beginning, then every change. `c` numbers a calendar. */
export type JournalRecord =
  | { readonly t: 'journal'; readonly version: 1 }
  | { readonly t: 'calendar'; readonly c: number; readonly calendar: Calendar }
  | {
      readonly t: 'account'
      readonly scope: Scope
      readonly number: number
      readonly agent?: string | undefined
      readonly c: number
      readonly figures: readonly number[]
      /** Of the day, the week and the month. */
      readonly windows: readonly number[]
      readonly told?: string | undefined
    }
  | { readonly t: 'row'; readonly day: string; readonly call: CallScopes; readonly figures: readonly number[] }
  | ({ readonly t: 'held' | 'lapsed' } & HeldReservation)
  | { readonly t: 'recorded'; readonly id: string }
  | { readonly t: 'settled'; readonly ids: readonly string[] }
  | {
      readonly t: 'reserve'
      /** Unix milliseconds. */
      readonly at: number
      readonly id: string
      readonly call: CallScopes
      readonly amount: number
      readonly c: number
      readonly leaseMs: number
      /** The soft limits that it was the first to be told of. */
      readonly soft?: readonly { readonly scope: Scope; readonly window: Window; readonly soft: number }[] | undefined
    }
  | { readonly t: 'dispatch' | 'undispatch' | 'void'; readonly id: string }
  | { readonly t: 'settle'; readonly id: string; readonly posting: Posting }
  | { readonly t: 'sweep'; readonly at: number }
  | ({ readonly t: 'record'; readonly at: number; readonly c: number } & Omit<UnreservedSpend, 'calendarAt'>)
  | { readonly t: 'forget'; readonly session: string }

export interface HeldReservation {
  readonly id: string
  readonly call: CallScopes
  readonly c: number
  /** The numbers of the accounts that it counts in. */
  readonly accounts: readonly number[]
  readonly amount: number
  /** Unix milliseconds. */
  readonly deadline: number
  readonly dispatched: boolean
}

/** Gives calendars numbers, and tells of each before it is used. */
export class CalendarNumbers {
  readonly #numbers = new Map<string, number>()
  readonly #tell: (record: JournalRecord) => void
  #last: readonly [Calendar, number] | undefined

  constructor(tell: (record: JournalRecord) => void) {
    this.#tell = tell
  }

  of(calendar: Calendar): number {
    if (this.#last?.[0] === calendar) return this.#last[1]
    const key = JSON.stringify(calendar)
    const known = this.#numbers.get(key)
    const c = known ?? this.#numbers.size
    if (known === undefined) {
      this.#numbers.set(key, c)
      this.#tell({ t: 'calendar', c, calendar })
    }
    this.#last = [calendar, c]
    return c
  }
}
