import { Account } from '../account.ts'
import type { Calendar } from '../calendar.ts'
import { stateOf, type MemoryStore } from '../memory.ts'
import type { Reservation } from '../reservations.ts'
import { tagKeyOf } from '../rows.ts'
import { CalendarNumbers, type HeldReservation, type JournalRecord } from './record.ts'

const idsPerLine = 500

/** The state of a store as records, each calendar before what refers to it. */
export function snapshot(store: MemoryStore, tell: (record: JournalRecord) => void): CalendarNumbers {
  const { book, reservations, lapsed, recorded, settled } = stateOf(store)
  const calendars = new CalendarNumbers(tell)
  tell({ t: 'journal', version: 1 })
  for (const [scope, account] of book.ledger.all()) {
    const { number, agentName: agent, dayPosted, weekPosted, monthPosted, told } = account
    const c = calendars.of(account.calendar)
    const windows = [dayPosted, weekPosted, monthPosted]
    tell({ t: 'account', scope, number, agent, c, figures: account.numbers(), windows, told })
  }
  for (const row of book.bill.all()) tell({ t: 'row', day: row.day, call: row.call, figures: row.numbers() })
  for (const [id, one] of reservations.entries()) tell({ t: 'held', ...held(id, one, calendars) })
  for (const [id, one] of lapsed) tell({ t: 'lapsed', ...held(id, one, calendars) })
  for (const id of recorded.values()) tell({ t: 'recorded', id })
  const ids = settled.values()
  for (let from = 0; from < ids.length; from += idsPerLine)
    tell({ t: 'settled', ids: ids.slice(from, from + idsPerLine) })
  return calendars
}

/** Puts one record of a snapshot into a store that is empty at first. */
export class Restore {
  readonly #store: MemoryStore
  readonly #accounts = new Map<number, Account>()
  readonly #calendarOf: (c: number) => Calendar

  constructor(store: MemoryStore, calendarOf: (c: number) => Calendar) {
    this.#store = store
    this.#calendarOf = calendarOf
  }

  account({ scope, number, agent, c, figures, windows, told }: Extract<JournalRecord, { t: 'account' }>): void {
    const account = stateOf(this.#store).book.ledger.restore(scope, number, agent, this.#calendarOf(c))
    account.fill(figures)
    ;[account.dayPosted = 0, account.weekPosted = 0, account.monthPosted = 0] = windows
    account.told = told
    this.#accounts.set(number, account)
  }

  row({ day, call, figures }: Extract<JournalRecord, { t: 'row' }>): void {
    stateOf(this.#store).book.bill.row(day, call, tagKeyOf(call.tags)).fill(figures)
  }

  held(one: HeldReservation): void {
    const reservation = this.#reservation(one)
    const state = stateOf(this.#store)
    for (const account of reservation.accounts) account.pending += reservation.amount
    state.reservations.add(one.id, reservation)
    state.nextDeadline = Math.min(state.nextDeadline, one.deadline)
  }

  lapsed(one: HeldReservation): void {
    stateOf(this.#store).lapsed.set(one.id, this.#reservation(one))
  }

  #reservation({ call, c, accounts, amount, deadline, dispatched }: HeldReservation): Reservation {
    const calendar = this.#calendarOf(c)
    const known = accounts.map((number) => this.#accounts.get(number) ?? forgotten(calendar))
    return { call, calendar, accounts: known, amount, deadline, dispatched, ended: false }
  }
}

function held(id: string, reservation: Reservation, calendars: CalendarNumbers): HeldReservation {
  const { call, calendar, accounts, amount, deadline, dispatched } = reservation
  const numbers = accounts.map(({ number, forgotten: gone }) => (gone ? -1 : number))
  return { id, call, c: calendars.of(calendar), accounts: numbers, amount, deadline, dispatched }
}

/** Stands where an account was that nobody remembers. */
function forgotten(calendar: Calendar): Account {
  const account = new Account(calendar)
  account.forgotten = true
  return account
}
