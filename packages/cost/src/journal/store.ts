/// <reference lib="esnext.disposable" preserve="true" />
import type { Scope } from '@wayfare/core'
import type { Calendar, CalendarAt } from '../calendar.ts'
import { CostStoreError } from '../error.ts'
import { stateOf, type MemoryStore } from '../memory.ts'
import type {
  Admission,
  AgentFigures,
  CostStore,
  Posting,
  ReserveOrder,
  ScopeFigures,
  ScopeLimit,
  SessionPage,
  SpendRow,
  UnreservedSpend,
} from '../store.ts'
import type { Disk, Tail } from './disk.ts'
import { writeLine } from './line.ts'
import { Log } from './log.ts'
import type { CalendarNumbers, JournalRecord } from './record.ts'
import { undispatch } from './replay.ts'
import { snapshot } from './snapshot.ts'

/** The parts of a journal that is open. */
export interface JournalParts {
  readonly path: string
  readonly memory: MemoryStore
  /** Unix milliseconds, never less than before. */
  readonly now: () => number
  readonly disk: Disk
  /** Gives the lock back. */
  readonly unlock: () => void
  /** Characters that may follow a snapshot before the next one. */
  readonly rotateAfter: number
}

/**
 * The ledger in memory and in a file. What is answered is on the disk, also if the power fails; what could not be written is
 * undone, and raises a `store` error until the disk takes it again.
 */
export class JournalStore implements CostStore, AsyncDisposable {
  readonly kind = 'journal'
  readonly #parts: JournalParts
  readonly #memory: MemoryStore
  /** Settled here, and not told because the disk failed. */
  readonly #unsure = new Set<string>()
  #log: Log
  #calendars: CalendarNumbers
  #rotating: Promise<void> | undefined
  #snapshotSize = 0
  #closed = false

  /** For `openJournal`. */
  constructor(parts: JournalParts) {
    this.#parts = parts
    this.#memory = parts.memory
    // The first snapshot makes both; until then nothing may be written.
    this.#log = new Log(Promise.reject(new Error('not open yet')), 0)
    this.#log.failure = 'not open yet'
    this.#calendars = snapshot(parts.memory, () => {})
  }

  async reserve(order: ReserveOrder): Promise<Admission> {
    await this.#up()
    this.#sweepDue()
    const { id, call, leaseMs } = order
    const isNew = stateOf(this.#memory).reservations.get(id) === undefined
    const admission = this.#memory.reserve(order)
    if (!admission.ok || !isNew) return admission
    const { amount } = admission
    const firsts = admission.soft.filter(({ first }) => first)
    const soft = firsts.map(({ limit: { scope, window, soft: at = 0 } }) => ({ scope, window, soft: at }))
    const { calendar } = stateOf(this.#memory).reservations.get(id) ?? { calendar: order.calendarAt(this.#parts.now()) }
    const c = this.#calendars.of(calendar)
    const at = this.#parts.now()
    await this.#write({ t: 'reserve', at, id, call, amount, c, leaseMs, ...(soft.length > 0 && { soft }) }, () => {
      if (this.#memory.void(id)) void this.#log.add({ t: 'void', id })
    })
    return admission
  }

  async dispatch(id: string): Promise<boolean> {
    await this.#up()
    if (!this.#memory.dispatch(id)) return false
    await this.#write({ t: 'dispatch', id }, () => {
      undispatch(this.#memory, id)
      void this.#log.add({ t: 'undispatch', id })
    })
    return true
  }

  async settle(id: string, posting: Posting): Promise<boolean> {
    await this.#up()
    if (!this.#memory.settle(id, posting)) return this.#unsure.delete(id)
    await this.#write({ t: 'settle', id, posting }, () => this.#unsure.add(id))
    return true
  }

  async void(id: string): Promise<boolean> {
    await this.#up()
    if (!this.#memory.void(id)) return false
    await this.#write({ t: 'void', id })
    return true
  }

  async sweep(): Promise<number> {
    const at = this.#parts.now()
    const ended = this.#memory.sweep()
    if (ended > 0) await this.#write({ t: 'sweep', at })
    return ended
  }

  async record(spend: UnreservedSpend): Promise<boolean> {
    await this.#up()
    this.#sweepDue()
    const { calendarAt, ...told } = spend
    const at = this.#parts.now()
    let entered: Calendar | undefined
    const known = this.#memory.record({ ...spend, calendarAt: (ms) => (entered = calendarAt(ms)) })
    if (!known) return false
    await this.#write({ t: 'record', at, c: this.#calendars.of(entered ?? calendarAt(at)), ...told })
    return true
  }

  posted(limits: readonly ScopeLimit[], calendarAt: CalendarAt): number[] {
    return this.#memory.posted(limits, calendarAt)
  }

  figures(scope: Scope): ScopeFigures | undefined {
    return this.#memory.figures(scope)
  }

  sessions(limit: number, after: string | undefined): SessionPage {
    return this.#memory.sessions(limit, after)
  }

  agents(): AgentFigures[] {
    return this.#memory.agents()
  }

  rows(from: string, to: string): SpendRow[] {
    return this.#memory.rows(from, to)
  }

  async forget(session: string): Promise<void> {
    await this.#up()
    this.#memory.forget(session)
    await this.#write({ t: 'forget', session })
  }

  /** Resolves when everything is on the disk, and gives the file to others. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#rotating?.catch(() => {})
    await this.#log.close()
    this.#parts.unlock()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Writes all anew: in the place of a long file, or of one that could not be written. */
  async rotate(): Promise<void> {
    this.#rotating ??= this.#rotate().finally(() => (this.#rotating = undefined))
    return this.#rotating
  }

  async #rotate(): Promise<void> {
    const { path, disk, memory } = this.#parts
    const lines: string[] = []
    let sum = 0
    let tell = (record: JournalRecord): void => {
      const next = writeLine(JSON.stringify(record), sum)
      lines.push(next.line)
      sum = next.sum
    }
    this.#calendars = snapshot(memory, (record) => tell(record))
    const text = lines.join('')
    const old = this.#log
    // What the old file was told must be there before the new one takes its place.
    const tail: Promise<Tail> = old.close().then(() => disk.replace(path, text))
    const log = new Log(tail, sum)
    this.#log = log
    tell = (record) => void log.add(record)
    this.#snapshotSize = text.length
    try {
      await tail
    } catch (thrown) {
      log.failure ??= thrown
      throw this.#down(thrown)
    }
  }

  /** Resolves at once, or when a disk that failed takes everything again. */
  async #up(): Promise<void> {
    if (this.#closed) throw new CostStoreError(`the journal "${this.#parts.path}" is closed; open it again`)
    if (this.#log.failure !== undefined) await this.rotate()
  }

  #sweepDue(): void {
    const at = this.#parts.now()
    if (at >= stateOf(this.#memory).nextDeadline && this.#memory.sweep() > 0) void this.#log.add({ t: 'sweep', at })
  }

  async #write(record: JournalRecord, failed: () => void = () => {}): Promise<void> {
    const log = this.#log
    try {
      await log.add(record)
    } catch (thrown) {
      failed()
      throw this.#down(thrown)
    }
    const isLong = log.size > Math.max(this.#parts.rotateAfter, 2 * this.#snapshotSize)
    if (isLong && log === this.#log && !this.#closed) void this.rotate().catch(() => {}) // the next call finds out
  }

  #down(cause: unknown): CostStoreError {
    const { code = String(cause) } = cause as NodeJS.ErrnoException // node:fs throws these
    return new CostStoreError(
      `the journal "${this.#parts.path}" cannot be written (${code}); nothing is granted until it can`,
    )
  }
}
