import { rowKey, withoutSession } from '../rows.ts'
import type { CallScopes, SpendRow } from '../store.ts'
import { figuresOf } from '../tally.ts'
import { numbersOf } from './accounts.ts'
import type { Connection } from './database.ts'

/** The spend by days and combinations of scopes. */
export class Bill {
  readonly #db: Connection

  constructor(db: Connection) {
    this.#db = db
  }

  /** `added` is in the order of `Tally.numbers`. */
  post(day: string, call: CallScopes, added: readonly number[]): void {
    const session = call.session === undefined ? null : JSON.stringify(call.session)
    this.#db.run(
      `insert into wayfare_bill (day, key, call, session, posted, input, output, messages, attempts, unpriced, sources)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (day, key) do update set
        posted = posted + excluded.posted, input = input + excluded.input, output = output + excluded.output,
        messages = messages + excluded.messages, attempts = attempts + excluded.attempts,
        unpriced = unpriced + excluded.unpriced, sources = sources | excluded.sources`,
      day,
      rowKey(call),
      JSON.stringify(call),
      session,
      ...added,
    )
  }

  between(from: string, to: string): SpendRow[] {
    const rows = this.#db.all('select * from wayfare_bill where day >= ? and day <= ? order by day, key', from, to)
    return rows.map((row) => ({
      day: String(row['day']),
      call: JSON.parse(String(row['call'])) as CallScopes, // written by `post`
      ...figuresOf(numbersOf(row)),
    }))
  }

  /** Takes a session's name out of the bill. */
  forget(session: string): void {
    const name = JSON.stringify(session)
    for (const row of this.#db.all('select * from wayfare_bill where session = ?', name)) {
      const call = JSON.parse(String(row['call'])) as CallScopes // written by `post`
      this.post(String(row['day']), withoutSession(call), numbersOf(row))
    }
    this.#db.run('delete from wayfare_bill where session = ?', name)
  }
}
