export { openJournal } from './open.ts'
export type { JournalOptions } from './open.ts'
export type { JournalStore } from './store.ts'
