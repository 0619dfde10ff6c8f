export { RedisStore } from './store.ts'
export type { RedisClient } from './client.ts'
export type { RedisStoreOptions } from './store.ts'
