import sqlite from 'node-sqlite3-wasm'
import type { SqliteDatabase, SqliteValue } from '../../src/sqlite/index.ts'

/** SQLite for a Node that has none: values go in as a list. */
export function wasmDatabase(path: string): { readonly database: SqliteDatabase; readonly close: () => void } {
  const inner = new sqlite.Database(path)
  const statements: { finalize(): void }[] = []
  return {
    database: {
      exec: (sql) => inner.exec(sql),
      prepare(sql) {
        const statement = inner.prepare(sql)
        statements.push(statement)
        return {
          get: (...values: SqliteValue[]) => statement.get(values),
          all: (...values: SqliteValue[]) => statement.all(values),
          run: (...values: SqliteValue[]) => statement.run(values),
        }
      },
    },
    close() {
      for (const statement of statements) statement.finalize()
      inner.close()
    },
  }
}
