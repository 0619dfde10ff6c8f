import type { Calendar } from '../calendar.ts'
import type { CallScopes } from '../store.ts'
import type { Windows } from './accounts.ts'
import type { Connection, SqliteRow } from './database.ts'

/**
 * `freed` and `charged` are what a lease made of it; `settled` and `recorded` (without a reservation) stay for a while, so that
 * nothing is counted twice. `counted` is a reservation of what was recorded before.
 */
export type State = 'reserved' | 'dispatched' | 'counted' | 'freed' | 'charged' | 'settled' | 'recorded'

export interface Reservation {
  readonly key: string
  readonly state: State
  readonly amount: number
  readonly call: CallScopes
  /** The numbers of the accounts that it counts in. */
  readonly accounts: readonly number[]
  readonly session: number | null
  readonly windows: Windows
}

/** The rows of attempts. */
export class Reservations {
  readonly #db: Connection

  constructor(db: Connection) {
    this.#db = db
  }

  find(id: string): Reservation | undefined {
    const row = this.#db.get('select * from wayfare_reservations where id = ?', JSON.stringify(id))
    return row === undefined ? undefined : read(row)
  }

  add(
    id: string,
    state: 'reserved' | 'counted',
    call: CallScopes,
    { day, week, month }: Calendar,
    held: Pick<Reservation, 'accounts' | 'session' | 'amount'>,
    deadline: number,
  ): void {
    this.#db.run(
      `insert or replace into wayfare_reservations
        (id, state, amount, deadline, call, accounts, session, day, week, month) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      JSON.stringify(id),
      state,
      held.amount,
      deadline,
      JSON.stringify(call),
      JSON.stringify(held.accounts),
      held.session,
      day,
      week,
      month,
    )
  }

  dispatch(key: string): void {
    this.#db.run(`update wayfare_reservations set state = 'dispatched' where id = ? and state = 'reserved'`, key)
  }

  shrink(key: string, by: number): void {
    this.#db.run('update wayfare_reservations set amount = amount - ? where id = ?', by, key)
  }

  end(key: string, state: State, now: number): void {
    this.#db.run('update wayfare_reservations set state = ?, ended = ? where id = ?', state, now, key)
  }

  remove(key: string): void {
    this.#db.run('delete from wayfare_reservations where id = ?', key)
  }

  /** Remembers an id that was never reserved. */
  note(id: string, now: number): void {
    this.#db.run(
      `insert into wayfare_reservations (id, state, amount, deadline, call, accounts, day, week, month, ended)
        values (?, 'recorded', 0, 0, '{}', '[]', '', '', '', ?)`,
      JSON.stringify(id),
      now,
    )
  }

  due(now: number): readonly Reservation[] {
    const sql = 'select * from wayfare_reservations where ended is null and deadline <= ?'
    return this.#db.all(sql, now).map(read)
  }

  prune(before: number): void {
    this.#db.run('delete from wayfare_reservations where ended < ?', before)
  }
}

export function isLive({ state }: Reservation): boolean {
  return state === 'reserved' || state === 'dispatched' || state === 'counted'
}

function read(row: SqliteRow): Reservation {
  const { session } = row
  return {
    // All of these were written by `add`.
    key: String(row['id']),
    state: row['state'] as State,
    amount: Number(row['amount']),
    call: JSON.parse(String(row['call'])) as CallScopes,
    accounts: JSON.parse(String(row['accounts'])) as number[],
    session: typeof session === 'number' ? session : null,
    windows: { day: String(row['day']), week: String(row['week']), month: String(row['month']) },
  }
}
