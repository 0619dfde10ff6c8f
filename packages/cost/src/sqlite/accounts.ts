import type { Scope, Window } from '@wayfare/core'
import { windowId, type Calendar } from '../calendar.ts'
import { globalName, idOf, scopeName, scopesOf } from '../scope-name.ts'
import type { AgentFigures, CallScopes, ScopeFigures, ScopeLimit, SessionPage, SoftMark } from '../store.ts'
import { figuresOf } from '../tally.ts'
import type { Connection, SqliteRow } from './database.ts'

/** The day, the week and the month of a reservation. */
export type Windows = Pick<Calendar, 'day' | 'week' | 'month'>

/** The rows of the scopes. Every method runs inside a transaction of its caller's where one is needed. */
export class Accounts {
  readonly #db: Connection

  constructor(db: Connection) {
    this.#db = db
  }

  /** What is posted in the window, and what is pending. */
  used({ scope, window }: ScopeLimit, calendar: Calendar): { readonly posted: number; readonly pending: number } {
    const row = this.#find(scope)
    return row === undefined
      ? { posted: 0, pending: 0 }
      : { posted: postedIn(row, window, calendar), pending: Number(row['pending']) }
  }

  /** Sets an amount aside in every scope of a call; the numbers of their accounts, and that of the session. */
  hold(
    call: CallScopes,
    calendar: Calendar,
    amount: number,
  ): { readonly accounts: readonly number[]; readonly session: number | null } {
    let session: number | null = null
    const accounts = scopesOf(call).map((scope) => {
      const name = scopeName(scope)
      const { day, week, month } = calendar
      const agent = scope.kind === 'session' && call.agent !== undefined ? JSON.stringify(call.agent) : null
      this.#db.run(
        'insert into wayfare_accounts (name, agent, day, week, month) values (?, ?, ?, ?, ?) on conflict (name) do nothing',
        name,
        agent,
        day,
        week,
        month,
      )
      this.#db.run(
        `update wayfare_accounts set day_posted = 0,
          week_posted = case when week = ? then week_posted else 0 end,
          month_posted = case when month = ? then month_posted else 0 end,
          day = ?, week = ?, month = ? where name = ? and day < ?`,
        week,
        month,
        day,
        week,
        month,
        name,
        day,
      )
      this.#db.run('update wayfare_accounts set pending = pending + ? where name = ?', amount, name)
      const number = Number(this.#db.get('select number from wayfare_accounts where name = ?', name)?.['number'])
      if (scope.kind === 'session') session = number
      return number
    })
    return { accounts, session }
  }

  /** `added` is in the order of `Tally.numbers`. */
  post(accounts: readonly number[], freed: number, added: readonly number[], { day, week, month }: Windows): void {
    const [nano = 0, input = 0, output = 0, messages = 0, attempts = 0, unpriced = 0, source = 0] = added
    for (const number of accounts) {
      this.#db.run(
        `update wayfare_accounts set pending = pending - ?, posted = posted + ?, input = input + ?, output = output + ?,
          messages = messages + ?, attempts = attempts + ?, unpriced = unpriced + ?, sources = sources | ?,
          day_posted = day_posted + case when day = ? then ? else 0 end,
          week_posted = week_posted + case when week = ? then ? else 0 end,
          month_posted = month_posted + case when month = ? then ? else 0 end where number = ?`,
        freed,
        nano,
        input,
        output,
        messages,
        attempts,
        unpriced,
        source,
        day,
        nano,
        week,
        nano,
        month,
        nano,
        number,
      )
    }
  }

  free(accounts: readonly number[], amount: number): void {
    for (const number of accounts)
      this.#db.run('update wayfare_accounts set pending = pending - ? where number = ?', amount, number)
  }

  /** The soft limits that are reached, which are told by this. */
  softMarks(limits: readonly ScopeLimit[], calendar: Calendar): readonly SoftMark[] {
    const marks: SoftMark[] = []
    for (const limit of limits) {
      const row = limit.soft === undefined ? undefined : this.#find(limit.scope)
      if (row === undefined) continue
      const posted = postedIn(row, limit.window, calendar)
      if (posted < (limit.soft ?? 0)) continue
      const window = windowId(calendar, limit.window)
      marks.push({ limit, posted, first: row['told'] !== window })
      this.#db.run('update wayfare_accounts set told = ? where number = ?', window, Number(row['number']))
    }
    return marks
  }

  exists(number: number): boolean {
    return this.#db.get('select 1 from wayfare_accounts where number = ?', number) !== undefined
  }

  figures(scope: Scope): ScopeFigures | undefined {
    const row = this.#find(scope)
    return row === undefined ? undefined : scopeFigures(row)
  }

  sessions(limit: number, after: string | undefined): SessionPage {
    const rows = this.#db.all(
      `select * from wayfare_accounts where name > 's' and name < 't' and number > ? order by number limit ?`,
      Number(after ?? 0),
      limit + 1,
    )
    const sessions = rows.slice(0, limit).map((row) => ({ session: idOf(String(row['name'])), ...scopeFigures(row) }))
    return rows.length > limit ? { sessions, next: String(rows[limit - 1]?.['number']) } : { sessions }
  }

  agents(): AgentFigures[] {
    const rows = this.#db.all(
      `select a.*, (select count(*) from wayfare_accounts s where s.agent = substr(a.name, 2)) as sessions
        from wayfare_accounts a where a.name > 'a' and a.name < 'b' order by a.number`,
    )
    return rows.map((row) => ({
      ...scopeFigures(row),
      agent: idOf(String(row['name'])),
      sessions: Number(row['sessions']),
    }))
  }

  forget(session: string): void {
    this.#db.run('delete from wayfare_accounts where name = ?', scopeName({ kind: 'session', id: session }))
  }

  #find(scope: Scope): SqliteRow | undefined {
    const name = scope.kind === 'global' ? globalName : scopeName(scope)
    return this.#db.get('select * from wayfare_accounts where name = ?', name)
  }
}

/** The figures of a row, in the order of `Tally.numbers`. */
export function numbersOf(row: SqliteRow): readonly number[] {
  return ['posted', 'input', 'output', 'messages', 'attempts', 'unpriced', 'sources'].map((name) => Number(row[name]))
}

/** What is posted in a window that the account may not have entered yet. */
function postedIn(row: SqliteRow, window: Window, calendar: Calendar): number {
  if (window === 'total') return Number(row['posted'])
  const isEntered = String(row['day']) >= calendar.day || row[window] === calendar[window]
  return isEntered ? Number(row[`${window}_posted`]) : 0
}

function scopeFigures(row: SqliteRow): ScopeFigures {
  const { agent } = row
  const figures = { ...figuresOf(numbersOf(row)), pending: Number(row['pending']) }
  return typeof agent === 'string' ? { ...figures, agent: JSON.parse(agent) as string } : figures // written by `hold`
}
