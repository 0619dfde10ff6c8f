import type { MaybePromise, Scope } from '@wayfare/core'
import { MemoryStore } from '@wayfare/cost'
import type {
  Admission,
  AgentFigures,
  CalendarAt,
  CostStore,
  Posting,
  ReserveOrder,
  ScopeFigures,
  ScopeLimit,
  SessionPage,
  SpendRow,
  UnreservedSpend,
} from '@wayfare/cost'
import type { SimClock } from './clock.ts'
import type { StoreSpec } from './scene.ts'
import type { Shadow } from './shadow.ts'

/** The memory store behind a bad line: slow, or failing before or after the work was done. The shadow sees what was done. */
export class SimStore implements CostStore {
  readonly kind = 'simulated'
  readonly #inner: MemoryStore
  readonly #spec: StoreSpec
  readonly #clock: SimClock
  readonly #shadow: Shadow
  readonly #told: (line: string) => void
  #operations = 0
  /** Operations that have not answered yet. */
  underway = 0

  constructor(inner: MemoryStore, spec: StoreSpec, clock: SimClock, shadow: Shadow, told: (line: string) => void) {
    this.#inner = inner
    this.#spec = spec
    this.#clock = clock
    this.#shadow = shadow
    this.#told = told
  }

  reserve(order: ReserveOrder): MaybePromise<Admission> {
    return this.#over('reserve', order.id, () => {
      const admission = this.#inner.reserve(order)
      this.#shadow.reserved(order, admission)
      return admission
    })
  }

  dispatch(id: string): MaybePromise<boolean> {
    return this.#over('dispatch', id, () => {
      const known = this.#inner.dispatch(id)
      this.#shadow.dispatched(id, known)
      return known
    })
  }

  settle(id: string, posting: Posting): MaybePromise<boolean> {
    return this.#over('settle', id, () => {
      const known = this.#inner.settle(id, posting)
      this.#shadow.settled(id, posting, known)
      return known
    })
  }

  void(id: string): MaybePromise<boolean> {
    return this.#over('void', id, () => {
      const known = this.#inner.void(id)
      this.#shadow.voided(id, known)
      return known
    })
  }

  sweep(): number {
    const ended = this.#inner.sweep()
    this.#shadow.expire()
    return ended
  }

  record(spend: UnreservedSpend): boolean {
    return this.#inner.record(spend)
  }

  posted(limits: readonly ScopeLimit[], calendarAt: CalendarAt): number[] {
    return this.#inner.posted(limits, calendarAt)
  }

  figures(scope: Scope): ScopeFigures | undefined {
    return this.#inner.figures(scope)
  }

  sessions(limit: number, after: string | undefined): SessionPage {
    return this.#inner.sessions(limit, after)
  }

  agents(): AgentFigures[] {
    return this.#inner.agents()
  }

  rows(from: string, to: string): SpendRow[] {
    return this.#inner.rows(from, to)
  }

  forget(session: string): void {
    this.#inner.forget(session)
  }

  #over<T>(what: string, id: string, act: () => T): MaybePromise<T> {
    const { faults, delaysMs } = this.#spec
    const number = this.#operations++
    const fault = faults.find(({ from, count }) => number >= from && number < from + count)?.how
    const delayMs = delaysMs[number % delaysMs.length] ?? 0
    if (fault === undefined && delayMs === 0) return act()
    if (fault !== undefined) this.#told(`the store fails ${fault} ${what} of ${id}`)
    return this.#slowly(act, fault, delayMs)
  }

  async #slowly<T>(act: () => T, fault: 'before' | 'after' | undefined, delayMs: number): Promise<T> {
    this.underway++
    try {
      await this.#clock.sleep(delayMs / 2)
      if (fault === 'before') throw new Error('the store is down')
      const done = act()
      await this.#clock.sleep(delayMs / 2)
      if (fault === 'after') throw new Error('the answer of the store is lost')
      return done
    } finally {
      this.underway--
    }
  }
}
