import type { Scope } from '@wayfare/core'
import { Book, noSoft } from './book.ts'
import type { CalendarAt } from './calendar.ts'
import { systemClock, type CostClock } from './clock.ts'
import { RecentIds } from './recent-ids.ts'
import { refused, worse } from './refusal.ts'
import { Reservations, type Reservation } from './reservations.ts'
import { attemptsOf, unheard } from './tally.ts'
import { Wall } from './wall.ts'
import type {
  Admission,
  AgentFigures,
  CostStore,
  Posting,
  Refused,
  ReserveOrder,
  ScopeFigures,
  ScopeLimit,
  SessionPage,
  SpendRow,
  UnreservedSpend,
} from './store.ts'

export interface MemoryStoreOptions {
  readonly clock?: CostClock | undefined
  /**
   * How many sessions (and agents, models, values of a tag) are remembered, at some 600 bytes each; beyond that the one that
   * was idle longest is forgotten, and its own limits with it. Default 1,000,000.
   */
  readonly maxSessions?: number | undefined
  /** How many rows `report` can tell apart; beyond that the oldest lose detail, never money. Default 100,000. */
  readonly maxRows?: number | undefined
}

/** All that a memory store knows; what is changed here is changed there. */
export interface MemoryState {
  readonly book: Book
  readonly reservations: Reservations
  readonly lapsed: Map<string, Reservation>
  /** Ids that were recorded without a reservation. */
  readonly recorded: RecentIds
  readonly settled: RecentIds
  /** When the next lease may end, by the store's clock. */
  nextDeadline: number
}

/** For stores of this package that keep the state elsewhere, too. */
export let stateOf: (store: MemoryStore) => MemoryState

const maxLapsed = 10_000
const maxIds = 100_000

/** The ledger in this process's memory. Every method answers at once. */
export class MemoryStore implements CostStore {
  readonly kind: string = 'memory'
  readonly #clock: CostClock
  readonly #wall: Wall
  readonly #book: Book
  readonly #reservations = new Reservations()
  /** Ended by their lease; a late settlement still finds them here. */
  readonly #lapsed = new Map<string, Reservation>()
  readonly #recorded = new RecentIds(maxIds)
  readonly #settled = new RecentIds(maxIds)
  #nextDeadline = Infinity

  static {
    stateOf = (store) => ({
      book: store.#book,
      reservations: store.#reservations,
      lapsed: store.#lapsed,
      recorded: store.#recorded,
      settled: store.#settled,
      get nextDeadline(): number {
        return store.#nextDeadline
      },
      set nextDeadline(at: number) {
        store.#nextDeadline = at
      },
    })
  }

  constructor(options: MemoryStoreOptions = {}) {
    const { clock = systemClock, maxSessions = 1_000_000, maxRows = 100_000 } = options
    this.#clock = clock
    this.#wall = new Wall(clock)
    this.#book = new Book(maxSessions, maxRows)
  }

  reserve({ id, call, amount, least, limits, calendarAt, leaseMs }: ReserveOrder): Admission {
    const now = this.#clock.now()
    if (now >= this.#nextDeadline) this.sweep()
    const known = this.#reservations.get(id)
    if (known !== undefined) return { ok: true, amount: known.amount, soft: noSoft }
    const { ledger } = this.#book
    const calendar = calendarAt(this.#wall.at(now))
    const route = ledger.known(call)
    let granted = amount
    let refusal: Refused | undefined
    for (const limit of limits) {
      const { hard } = limit
      // What costs nothing fits under a limit that is spent.
      if (hard === undefined || amount === 0) continue
      const account = ledger.find(limit.scope, route)
      const posted = account?.postedIn(limit.window, calendar) ?? 0
      const room = hard - posted - (account?.pending ?? 0)
      if (room < granted) granted = room
      if (room < least) refusal = worse(refusal, refused(limit, hard, posted, least, calendar))
    }
    if (refusal !== undefined) return refusal
    const { accounts, call: own } = route ?? ledger.route(call, calendar)
    for (const account of accounts) account.hold(granted, calendar)
    const deadline = now + leaseMs
    if (deadline < this.#nextDeadline) this.#nextDeadline = deadline
    if (this.#lapsed.size > 0) this.#lapsed.delete(id) // or it could be settled twice
    const reservation = { call: own, calendar, accounts, amount: granted, deadline, dispatched: false, ended: false }
    this.#reservations.add(id, reservation)
    return { ok: true, amount: granted, soft: this.#book.softMarks(limits, calendar, route) }
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
      this.#reservations.end(reservation)
      for (const account of reservation.accounts) account.pending -= reservation.amount
      this.#settled.add(id)
      if (this.#recorded.delete(id)) return false
      this.#book.post(reservation, posting.nano ?? 0, posting, attemptsOf(posting, false))
      return true
    }
    const late = this.#lapsed.get(id)
    if (late === undefined) return false
    this.#lapsed.delete(id)
    this.#settled.add(id)
    const charged = late.dispatched ? late.amount : 0
    this.#book.post(late, (posting.nano ?? 0) - charged, posting, attemptsOf(posting, late.dispatched))
    return true
  }

  void(id: string): boolean {
    const reservation = this.#reservations.get(id)
    if (reservation === undefined || reservation.dispatched) return false
    this.#reservations.end(reservation)
    this.#settled.delete(id) // an id may be used again
    for (const account of reservation.accounts) account.pending -= reservation.amount
    return true
  }

  sweep(): number {
    const now = this.#clock.now()
    let ended = 0
    let next = Infinity
    for (const [id, reservation] of this.#reservations.entries()) {
      if (reservation.deadline > now) {
        next = Math.min(next, reservation.deadline)
        continue
      }
      this.#reservations.end(reservation)
      for (const account of reservation.accounts) account.pending -= reservation.amount
      ended++
      if (this.#recorded.has(id)) continue
      if (reservation.dispatched) this.#book.post(reservation, reservation.amount, unheard, 1)
      this.#remember(id, reservation)
    }
    this.#nextDeadline = next
    return ended
  }

  record({ id, call, posting, calendarAt, from }: UnreservedSpend): boolean {
    if (id !== undefined && this.#isPosted(id)) return false
    const charged = from === undefined ? undefined : this.#draw(from)
    if (id !== undefined && this.settle(id, posting)) return true
    if (id !== undefined) this.#recorded.add(id)
    const calendar = charged?.calendar ?? calendarAt(this.#wall.at(this.#clock.now()))
    const { accounts, call: own } = this.#book.ledger.route(call, calendar)
    for (const account of accounts) account.enter(calendar)
    this.#book.post({ call: own, calendar, accounts }, posting.nano ?? 0, posting, attemptsOf(posting, false))
    return true
  }

  posted(limits: readonly ScopeLimit[], calendarAt: CalendarAt): number[] {
    return this.#book.posted(limits, calendarAt(this.#wall.at(this.#clock.now())))
  }

  figures(scope: Scope): ScopeFigures | undefined {
    return this.#book.figures(scope)
  }

  sessions(limit: number, after: string | undefined): SessionPage {
    return this.#book.sessions(limit, after)
  }

  agents(): AgentFigures[] {
    return this.#book.agents()
  }

  rows(from: string, to: string): SpendRow[] {
    return this.#book.rows(from, to)
  }

  forget(session: string): void {
    this.#book.forget(session)
  }

  #isPosted(id: string): boolean {
    if (this.#recorded.has(id)) return true
    return this.#settled.has(id) && this.#reservations.get(id) === undefined && !this.#lapsed.has(id)
  }

  /** The block, when its lease has charged it. */
  #draw({ id, amount }: NonNullable<UnreservedSpend['from']>): Reservation | undefined {
    const live = this.#reservations.get(id)
    const block = live ?? this.#lapsed.get(id)
    if (block === undefined || (live === undefined && !block.dispatched)) return undefined
    const drawn = Math.min(amount, block.amount)
    block.amount -= drawn
    if (live === undefined) {
      this.#book.post(block, -drawn, unheard, 0)
      return block
    }
    for (const account of block.accounts) account.pending -= drawn
    return undefined
  }

  #remember(id: string, reservation: Reservation): void {
    this.#lapsed.set(id, reservation)
    const [oldest] = this.#lapsed.keys()
    if (this.#lapsed.size > maxLapsed && oldest !== undefined) this.#lapsed.delete(oldest)
  }
}
