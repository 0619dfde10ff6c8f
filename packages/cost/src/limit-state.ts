import type { CalendarAt } from './calendar.ts'
import type { LimitBook } from './limit-book.ts'
import type { LimitState } from './options.ts'
import { agentOf } from './spend.ts'
import type { CallScopes, CostStore } from './store.ts'

/** Whether a limit that such a call meets is reached. */
export async function limitState(
  store: CostStore,
  book: LimitBook,
  call: CallScopes,
  calendarAt: CalendarAt,
): Promise<LimitState> {
  const { session } = call
  const known = session === undefined ? undefined : await store.figures({ kind: 'session', id: session })
  const agent = call.agent ?? known?.agent ?? (session === undefined ? undefined : agentOf(session))
  const limits = book.of({ ...call, agent })
  const posted = await store.posted(limits, calendarAt)
  const reached = (kind: 'hard' | 'soft'): boolean =>
    limits.some((limit, i) => limit[kind] !== undefined && (posted[i] ?? 0) >= limit[kind])
  return reached('hard') ? 'hard_exceeded' : reached('soft') ? 'soft_exceeded' : 'within'
}
