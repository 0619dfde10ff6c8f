import type { SqliteDatabase } from '../../src/sqlite/index.ts'

type Closable = SqliteDatabase & { close(): void }

/** The part of `node:sqlite` that is needed; the types of the oldest Node do not know it. */
interface SqliteModule {
  readonly DatabaseSync: new (path: string) => Closable
}

const module = process.getBuiltinModule('node:sqlite' as 'node:fs') as unknown as SqliteModule | undefined

/** Opens a database with the SQLite that Node has, if it has one. */
export const builtin: ((path: string) => Closable) | undefined =
  module === undefined ? undefined : (path) => new module.DatabaseSync(path)
