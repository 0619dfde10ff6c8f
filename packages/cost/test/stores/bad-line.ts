import type {
  Admission,
  CalendarAt,
  CostStore,
  MemoryStore,
  Posting,
  ReserveOrder,
  ScopeLimit,
  UnreservedSpend,
} from '../../src/index.ts'
import type { TimedClock } from './timed-clock.ts'

/** How a store is reached: `down` before it did anything, `deaf` after, `silent` never answering, `slow` after half a second. */
export type Line = 'up' | 'down' | 'deaf' | 'silent' | 'slow'

/** A memory store behind a line that may be bad. */
export class BadLine implements CostStore {
  readonly kind = 'bad line'
  line: Line = 'up'
  asked = 0
  readonly #inner: MemoryStore
  readonly #clock: TimedClock

  constructor(inner: MemoryStore, clock: TimedClock) {
    this.#inner = inner
    this.#clock = clock
  }

  reserve(order: ReserveOrder): Promise<Admission> {
    return this.#over(() => this.#inner.reserve(order))
  }

  dispatch(id: string): Promise<boolean> {
    return this.#over(() => this.#inner.dispatch(id))
  }

  settle(id: string, posting: Posting): Promise<boolean> {
    return this.#over(() => this.#inner.settle(id, posting))
  }

  void(id: string): Promise<boolean> {
    return this.#over(() => this.#inner.void(id))
  }

  record(spend: UnreservedSpend): Promise<boolean> {
    return this.#over(() => this.#inner.record(spend))
  }

  posted(limits: readonly ScopeLimit[], calendarAt: CalendarAt): Promise<readonly number[]> {
    return this.#over(() => this.#inner.posted(limits, calendarAt))
  }

  // Who reads is told the truth.
  readonly sweep = (): number => this.#inner.sweep()
  readonly figures: CostStore['figures'] = (scope) => this.#inner.figures(scope)
  readonly sessions: CostStore['sessions'] = (limit, after) => this.#inner.sessions(limit, after)
  readonly agents: CostStore['agents'] = () => this.#inner.agents()
  readonly rows: CostStore['rows'] = (from, to) => this.#inner.rows(from, to)
  readonly forget: CostStore['forget'] = (session) => this.#inner.forget(session)

  async #over<T>(work: () => T): Promise<T> {
    this.asked++
    const { line } = this
    if (line === 'down') throw new Error('connect ECONNREFUSED')
    if (line === 'silent') return new Promise(() => {})
    const done = work()
    if (line === 'deaf') return new Promise(() => {})
    if (line === 'slow')
      await new Promise<void>((resolve) => {
        this.#clock.timer(500, resolve)
      })
    return done
  }
}
