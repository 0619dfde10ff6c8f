export { SqliteStore } from './store.ts'
export type { SqliteDatabase, SqliteStatement, SqliteValue } from './database.ts'
export type { SqliteOptions } from './store.ts'
