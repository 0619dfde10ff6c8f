export { PostgresStore } from './store.ts'
export type { PostgresClient } from './client.ts'
