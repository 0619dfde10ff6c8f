import type { Scope, Window } from '@wayfare/core'
import { windowEnds, type Calendar, type CalendarAt } from './calendar.ts'
import { usdOf } from './nano.ts'
import type { CostStore, ScopeLimit } from './store.ts'

/** What is left of one limit. Amounts are USD. */
export interface LimitLeft {
  readonly scope: Scope
  readonly window: Window
  readonly hardUsd?: number
  readonly softUsd?: number
  /** Posted in the window. */
  readonly spentUsd: number
  /** Set aside in the scope for attempts under way. */
  readonly pendingUsd: number
  /** Of the hard limit; absent where there is none. */
  readonly leftUsd?: number
  /** When the window ends; absent for the one that never does. */
  readonly resetsAt?: Date
}

/** What is left of limits, in their order. */
export async function leftOf(
  store: CostStore,
  limits: readonly ScopeLimit[],
  calendarAt: CalendarAt,
): Promise<readonly LimitLeft[]> {
  let calendar: Calendar | undefined
  const posted = await store.posted(limits, (ms) => (calendar = calendarAt(ms)))
  const figures = await Promise.all(limits.map(async ({ scope }) => store.figures(scope)))
  return limits.map(({ scope, window, hard, soft }, i) => {
    const spent = posted[i] ?? 0
    const pending = figures[i]?.pending ?? 0
    const ends = calendar === undefined ? undefined : windowEnds(calendar, window)
    return {
      scope,
      window,
      ...(hard !== undefined && { hardUsd: usdOf(hard) }),
      ...(soft !== undefined && { softUsd: usdOf(soft) }),
      spentUsd: usdOf(spent),
      pendingUsd: usdOf(pending),
      ...(hard !== undefined && { leftUsd: usdOf(Math.max(0, hard - spent - pending)) }),
      ...(ends !== undefined && { resetsAt: new Date(ends) }),
    }
  })
}
