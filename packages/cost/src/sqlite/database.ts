/** The part of a database that is used: `node:sqlite`, better-sqlite3 and bun:sqlite have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
}

export interface SqliteStatement {
  /** Undefined or null: no row. */
  get(...values: SqliteValue[]): unknown
  all(...values: SqliteValue[]): unknown[]
  run(...values: SqliteValue[]): unknown
}

export type SqliteValue = string | number | null

/** Rows as they come: numbers and texts by column. */
export type SqliteRow = Readonly<Record<string, SqliteValue>>

/** Prepares each statement once, and runs transactions. */
export class Connection {
  readonly #database: SqliteDatabase
  readonly #statements = new Map<string, SqliteStatement>()

  constructor(database: SqliteDatabase) {
    this.#database = database
  }

  exec(sql: string): void {
    this.#database.exec(sql)
  }

  get(sql: string, ...values: SqliteValue[]): SqliteRow | undefined {
    return (this.#prepared(sql).get(...values) as SqliteRow | undefined | null) ?? undefined // what the tables hold
  }

  all(sql: string, ...values: SqliteValue[]): readonly SqliteRow[] {
    return this.#prepared(sql).all(...values) as SqliteRow[] // what the tables hold
  }

  run(sql: string, ...values: SqliteValue[]): void {
    this.#prepared(sql).run(...values)
  }

  /** All of it or nothing; no other process writes meanwhile. */
  atomically<T>(work: () => T): T {
    this.#database.exec('begin immediate')
    try {
      const result = work()
      this.#database.exec('commit')
      return result
    } catch (thrown) {
      this.#rollBack()
      throw thrown
    }
  }

  #rollBack(): void {
    try {
      this.#database.exec('rollback')
    } catch {
      // a failure that ended the transaction has done so already
    }
  }

  #prepared(sql: string): SqliteStatement {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const made = this.#database.prepare(sql)
    this.#statements.set(sql, made)
    return made
  }
}
