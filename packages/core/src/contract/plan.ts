import type { ModelTarget } from './model.ts'

/** Where a call would go, worked out without I/O. */
export interface Plan {
  readonly targets: readonly PlannedTarget[]
  readonly skipped: readonly SkippedTarget[]
}

export interface PlannedTarget extends ModelTarget {
  /** USD; absent when the price is unknown. */
  readonly minUsd?: number
  readonly maxUsd?: number
  /** Why it stands at this place, in words. */
  readonly because: string
}

export type SkipReason =
  | 'cooldown'
  | 'circuit_open'
  | 'not_registered'
  | 'unsupported'
  | 'low_funds'
  | 'over_budget'
  | 'duplicate'

export interface SkippedTarget extends ModelTarget {
  readonly reason: SkipReason
}
