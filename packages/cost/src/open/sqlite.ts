import { existsSync } from 'node:fs'
import { CostConfigError } from '../error.ts'
import type { SqliteDatabase } from '../sqlite/database.ts'
import { SqliteStore } from '../sqlite/store.ts'
import { loadClient } from './client.ts'
import type { OpenedStore } from './opened.ts'

type Database = new (path: string) => SqliteDatabase & { close(): unknown }

export async function openSqlite(path: string, from: string, make: boolean): Promise<OpenedStore> {
  if (!make && !existsSync(path)) throw new CostConfigError(`there is no file ${path}`)
  const database = new (databaseClass(from))(path)
  try {
    if (!make && !hasLedger(database)) throw new CostConfigError(`${path} holds no ledger`)
    return { store: new SqliteStore(database), close: async () => void database.close() }
  } catch (thrown) {
    database.close()
    throw thrown
  }
}

/** Node's own, where it has one. */
function databaseClass(from: string): Database {
  const builtin: unknown = process.getBuiltinModule('node:sqlite' as 'node:fs') // which the types of Node 20 do not know
  if (builtin !== undefined) return (builtin as { readonly DatabaseSync: Database }).DatabaseSync // as Node documents it
  return loadClient(['better-sqlite3'], from, ', or use Node 22.5 or newer').exports as Database // as that package exports it
}

function hasLedger(database: SqliteDatabase): boolean {
  return (database.prepare("select 1 from sqlite_master where name = 'wayfare_accounts'").get() ?? null) !== null
}
