export { CostConfigError, CostStoreError } from './error.ts'
export { MemoryStore } from './memory.ts'
export type { MemoryStoreOptions } from './memory.ts'
export { CostTracker } from './tracker.ts'
export type { CostTrackerOptions, CostWarning, LimitState, RecordedSpend } from './options.ts'
export type { Calendar, CalendarAt } from './calendar.ts'
export type { CostClock } from './clock.ts'
export type { CountTokens } from './estimate.ts'
export type { LimitLeft } from './left.ts'
export type { Anomalies, Overruns, UnpricedSpend } from './oddities.ts'
export type { Limits, LimitSettings } from './limits.ts'
export type { CostReport, Dimension } from './report.ts'
export type { AgentStats, SessionStats, Spend } from './spend.ts'
export type {
  Admission,
  AgentFigures,
  CallScopes,
  CostStore,
  Figures,
  Posting,
  Refused,
  ReserveOrder,
  ScopeFigures,
  ScopeLimit,
  SessionPage,
  SoftMark,
  SpendRow,
  UnreservedSpend,
} from './store.ts'
