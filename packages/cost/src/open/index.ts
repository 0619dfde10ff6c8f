export { openStore } from './open.ts'
export type { OpenOptions } from './open.ts'
export type { OpenedStore } from './opened.ts'
