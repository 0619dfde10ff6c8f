import type { CostStore } from '../store.ts'

/** A store, and what closes its connection. */
export interface OpenedStore {
  readonly store: CostStore
  close(): Promise<void>
}
