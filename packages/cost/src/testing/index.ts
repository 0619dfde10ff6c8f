export { storeCases, testStore } from './suite.ts'
export type { OpenStore, StoreCase } from './suite.ts'
