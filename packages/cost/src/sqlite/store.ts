import type { Scope } from '@wayfare/core'
import type { CalendarAt } from '../calendar.ts'
import { systemClock, type CostClock } from '../clock.ts'
import { refused, worse } from '../refusal.ts'
import { withoutSession } from '../rows.ts'
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
} from '../store.ts'
import { added, attemptsOf, isNothing, unheard } from '../tally.ts'
import { Accounts } from './accounts.ts'
import { Bill } from './bill.ts'
import { Connection, type SqliteDatabase } from './database.ts'
import { isLive, Reservations, type Reservation, type State } from './reservations.ts'
import { schema } from './schema.ts'

export interface SqliteOptions {
  readonly clock?: CostClock | undefined
}

/** How long an attempt that has ended is remembered, for settlements that come late or again. */
const keepMs = 35 * 86_400_000

/** The ledger in a SQLite file, which the processes of one machine share. Every method answers at once. */
export class SqliteStore implements CostStore {
  readonly kind = 'sqlite'
  readonly shared = true
  readonly #now: () => number
  readonly #db: Connection
  readonly #accounts: Accounts
  readonly #reservations: Reservations
  readonly #bill: Bill

  /** Makes the tables when they are not there; their names begin with `wayfare_`. */
  constructor(database: SqliteDatabase, { clock = systemClock }: SqliteOptions = {}) {
    this.#now = () => clock.date().getTime()
    this.#db = new Connection(database)
    this.#db.exec(schema)
    this.#accounts = new Accounts(this.#db)
    this.#reservations = new Reservations(this.#db)
    this.#bill = new Bill(this.#db)
  }

  reserve({ id, call, amount, least, limits, calendarAt, leaseMs }: ReserveOrder): Admission {
    return this.#db.atomically(() => {
      const now = this.#now()
      this.#end(now)
      const known = this.#reservations.find(id)
      if (known !== undefined && isLive(known)) return { ok: true, amount: known.amount, soft: [] }
      const calendar = calendarAt(now)
      let granted = amount
      let refusal: Refused | undefined
      for (const limit of limits) {
        const { hard } = limit
        // What costs nothing fits under a limit that is spent.
        if (hard === undefined || amount === 0) continue
        const { posted, pending } = this.#accounts.used(limit, calendar)
        const room = hard - posted - pending
        if (room < granted) granted = room
        if (room < least) refusal = worse(refusal, refused(limit, hard, posted, least, calendar))
      }
      if (refusal !== undefined) return refusal
      const held = this.#accounts.hold(call, calendar, granted)
      const state = known?.state === 'recorded' ? 'counted' : 'reserved'
      this.#reservations.add(id, state, call, calendar, { ...held, amount: granted }, now + leaseMs)
      return { ok: true, amount: granted, soft: this.#accounts.softMarks(limits, calendar) }
    })
  }

  dispatch(id: string): boolean {
    return this.#db.atomically(() => {
      const known = this.#reservations.find(id)
      if (known === undefined || !isLive(known)) return false
      this.#reservations.dispatch(known.key)
      return true
    })
  }

  settle(id: string, posting: Posting): boolean {
    return this.#db.atomically(() => this.#settle(id, posting))
  }

  void(id: string): boolean {
    return this.#db.atomically(() => {
      const known = this.#reservations.find(id)
      if (known?.state !== 'reserved' && known?.state !== 'counted') return false
      this.#accounts.free(known.accounts, known.amount)
      if (known.state === 'reserved') this.#reservations.remove(known.key)
      else this.#reservations.end(known.key, 'recorded', this.#now())
      return true
    })
  }

  sweep(): number {
    return this.#db.atomically(() => {
      const now = this.#now()
      this.#reservations.prune(now - keepMs)
      return this.#end(now)
    })
  }

  record({ id, call, posting, calendarAt, from }: UnreservedSpend): boolean {
    return this.#db.atomically(() => {
      const known = id === undefined ? undefined : this.#reservations.find(id)
      if (known !== undefined && isCounted(known)) return false
      const charged = from === undefined ? undefined : this.#draw(from)
      if (id !== undefined && this.#settle(id, posting)) return true
      const now = this.#now()
      const calendar = calendarAt(now)
      const sum = added(posting.nano ?? 0, posting, attemptsOf(posting, false))
      const windows = charged?.windows ?? calendar
      this.#accounts.post(this.#accounts.hold(call, calendar, 0).accounts, 0, sum, windows)
      this.#bill.post(windows.day, call, sum)
      if (id !== undefined) this.#reservations.note(id, now)
      return true
    })
  }

  posted(limits: readonly ScopeLimit[], calendarAt: CalendarAt): number[] {
    const calendar = calendarAt(this.#now())
    return limits.map((limit) => this.#accounts.used(limit, calendar).posted)
  }

  figures(scope: Scope): ScopeFigures | undefined {
    return this.#accounts.figures(scope)
  }

  sessions(limit: number, after: string | undefined): SessionPage {
    return this.#accounts.sessions(limit, after)
  }

  agents(): AgentFigures[] {
    return this.#accounts.agents()
  }

  rows(from: string, to: string): SpendRow[] {
    return this.#bill.between(from, to)
  }

  forget(session: string): void {
    this.#db.atomically(() => {
      this.#accounts.forget(session)
      this.#bill.forget(session)
    })
  }

  #settle(id: string, posting: Posting): boolean {
    const known = this.#reservations.find(id)
    if (known === undefined || known.state === 'settled' || known.state === 'recorded') return false
    this.#reservations.end(known.key, 'settled', this.#now())
    if (known.state === 'counted') {
      this.#accounts.free(known.accounts, known.amount)
      return false
    }
    const wasCharged = known.state === 'charged'
    this.#post(known, isLive(known) ? known.amount : 0, (posting.nano ?? 0) - (wasCharged ? known.amount : 0), posting)
    return true
  }

  #end(now: number): number {
    const due = this.#reservations.due(now)
    for (const one of due) {
      if (one.state === 'dispatched') this.#post(one, one.amount, one.amount, unheard)
      else this.#accounts.free(one.accounts, one.amount)
      this.#reservations.end(one.key, endOf(one), now)
    }
    return due.length
  }

  #post(one: Reservation, freed: number, nano: number, posting: Posting): void {
    const { accounts, session, call, windows } = one
    const attempts = attemptsOf(posting, one.state === 'charged')
    const sum = added(nano, posting, attempts)
    this.#accounts.post(accounts, freed, sum, windows)
    if (isNothing(nano, posting, attempts)) return
    const isForgotten = session !== null && !this.#accounts.exists(session)
    this.#bill.post(windows.day, isForgotten ? withoutSession(call) : call, sum)
  }

  /** The block, when its lease has charged it. */
  #draw({ id, amount }: NonNullable<UnreservedSpend['from']>): Reservation | undefined {
    const block = this.#reservations.find(id)
    if (block === undefined || (!isLive(block) && block.state !== 'charged')) return undefined
    const drawn = Math.min(amount, block.amount)
    this.#reservations.shrink(block.key, drawn)
    if (isLive(block)) {
      this.#accounts.free(block.accounts, drawn)
      return undefined
    }
    this.#post(block, 0, -drawn, unheard)
    return block
  }
}

/** Whether its spend has been posted. */
function isCounted({ state }: Reservation): boolean {
  return state === 'settled' || state === 'recorded' || state === 'counted'
}

/** What the end of its lease makes of a reservation. */
function endOf({ state }: Reservation): State {
  if (state === 'counted') return 'recorded'
  return state === 'dispatched' ? 'charged' : 'freed'
}
