import { windowEnds, type Calendar } from './calendar.ts'
import type { Refused, ScopeLimit } from './store.ts'

const severity = { too_large: 2, exhausted: 1, in_flight: 0 }

/** The refusal that waiting helps least against; of equals the first. */
export function worse(one: Refused | undefined, other: Refused): Refused {
  return one === undefined || severity[other.reason] > severity[one.reason] ? other : one
}

export function refused(limit: ScopeLimit, hard: number, posted: number, least: number, calendar: Calendar): Refused {
  return { ok: false, limit, reason: reasonOf(hard, posted, least), resetsAt: windowEnds(calendar, limit.window) }
}

function reasonOf(hard: number, posted: number, least: number): Refused['reason'] {
  if (least > hard) return 'too_large'
  return posted + least > hard ? 'exhausted' : 'in_flight'
}
