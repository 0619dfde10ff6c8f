import type { CostStore } from '../store.ts'
import { blocks } from './blocks.ts'
import { laws } from './laws.ts'
import { leases } from './leases.ts'
import { names } from './names.ts'
import { readings } from './readings.ts'
import { reservations } from './reservations.ts'
import { settlements } from './settlements.ts'
import { windows } from './windows.ts'

/** What a store must do. It throws an AssertionError where the store, empty at first, does something else. */
export interface StoreCase {
  readonly title: string
  readonly run: (store: CostStore) => Promise<void>
}

/** An empty store, and what to do when it is no longer needed. */
export type OpenStore = () => Promise<{ readonly store: CostStore; readonly close?: () => void | Promise<void> }>

export const storeCases: readonly StoreCase[] = [
  ...reservations,
  ...settlements,
  ...leases,
  ...windows,
  ...blocks,
  ...readings,
  ...names,
  ...laws,
]

/** Declares a test for each case; `test` is that of the runner: Vitest, Jest, `node:test`, Bun. */
export function testStore(options: {
  readonly test: (title: string, run: () => Promise<void>) => unknown
  readonly open: OpenStore
}): void {
  for (const { title, run } of storeCases) {
    options.test(title, async () => {
      const { store, close } = await options.open()
      try {
        await run(store)
      } finally {
        await close?.()
      }
    })
  }
}
