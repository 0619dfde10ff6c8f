export { PostgresStore } from './store.ts'
export type { NamedStatement, PostgresClient } from './client.ts'
export type { PostgresStoreOptions } from './store.ts'
