import type { Admission, CallScopes, LimitSettings, Posting, ReserveOrder, ScopeFigures } from '@wayfare/cost'
import type { Scope } from '@wayfare/core'
import { fundsOf } from './funds.ts'
import type { Fund } from './funds.ts'

type Windows = Readonly<Record<'total' | 'day' | 'week' | 'month', string>>

interface Entry {
  readonly call: CallScopes
  readonly amount: number
  readonly deadline: number
  readonly funds: readonly Fund[]
  readonly windows: Windows
  /** A hard limit holds for it. */
  readonly limited: boolean
  state: 'reserved' | 'dispatched' | 'settled' | 'voided' | 'freed' | 'charged'
  nano: number
}

/** A second ledger, kept so simply that it can be believed: every entry is kept, and every sum is made anew. */
export class Shadow {
  readonly entries: Map<string, Entry> = new Map()
  readonly violations: string[] = []
  /** Counts changes. */
  version = 0
  readonly #limits: LimitSettings
  readonly #now: () => number
  readonly #date: () => Date
  /** The latest day that a fund was used on: time that runs backwards is not followed. */
  readonly #latest = new Map<string, Windows>()

  constructor(limits: LimitSettings, clock: { now(): number; date(): Date }) {
    this.#limits = limits
    this.#now = () => clock.now()
    this.#date = () => clock.date()
  }

  reserved(order: ReserveOrder, admission: Admission): void {
    this.expire()
    this.version++
    const state = this.entries.get(order.id)?.state
    // Asked for again after its lease had ended, it is made anew.
    if (!admission.ok || (state !== undefined && state !== 'freed')) return
    const { day, week, month } = order.calendarAt(this.#date().getTime())
    const today = this.#date().toISOString().slice(0, 10)
    if (day < today) this.violations.push(`limits: ${order.id} is counted on ${day}, and today is ${today}`)
    const funds = fundsOf(this.#limits, order.call)
    for (const { name } of funds) {
      if (day >= (this.#latest.get(name)?.day ?? '')) this.#latest.set(name, { total: 'total', day, week, month })
    }
    const limited = funds.some(({ hard }) => hard !== undefined)
    const windows: Windows = { total: 'total', day, week, month }
    const { call, leaseMs } = order
    const deadline = this.#now() + leaseMs
    const entry: Entry = {
      call,
      amount: admission.amount,
      deadline,
      funds,
      windows,
      limited,
      state: 'reserved',
      nano: 0,
    }
    this.entries.set(order.id, entry)
    // What costs nothing may pass where nothing is left.
    if (admission.amount > 0) this.#checkRoom(order.id, entry)
  }

  dispatched(id: string, known: boolean): void {
    const entry = this.entries.get(id)
    if (known !== (entry?.state === 'reserved' || entry?.state === 'dispatched'))
      this.violations.push(`store: dispatch of ${id}, which is ${entry?.state}, said ${known}`)
    if (known && entry !== undefined) entry.state = 'dispatched'
  }

  settled(id: string, posting: Posting, known: boolean): void {
    this.version++
    const entry = this.entries.get(id)
    const open = entry !== undefined && entry.state !== 'settled' && entry.state !== 'voided'
    if (known !== open) this.violations.push(`store: settle of ${id}, which is ${entry?.state}, said ${known}`)
    if (!open) return
    entry.state = 'settled'
    entry.nano = posting.nano ?? 0
  }

  voided(id: string, known: boolean): void {
    this.version++
    const entry = this.entries.get(id)
    if (known !== (entry?.state === 'reserved'))
      this.violations.push(`store: void of ${id}, which is ${entry?.state}, said ${known}`)
    if (known && entry !== undefined) entry.state = 'voided'
  }

  /** Ends what outlived its lease. */
  expire(): void {
    for (const entry of this.entries.values()) {
      if (entry.deadline > this.#now() || !isPending(entry)) continue
      this.version++
      if (entry.state === 'dispatched') entry.nano = entry.amount
      entry.state = entry.state === 'dispatched' ? 'charged' : 'freed'
    }
  }

  get pendingNano(): number {
    return sum(this.entries.values(), (entry) => (isPending(entry) ? entry.amount : 0))
  }

  /** Whether a lease ended before its attempt did. */
  get hasLapsed(): boolean {
    return [...this.entries.values()].some(({ state }) => state === 'freed' || state === 'charged')
  }

  /** What is posted up to its reservation and what is pending, against every hard limit. */
  checkLimits(): void {
    const used = new Map<string, number>()
    for (const entry of this.entries.values()) {
      const nano = isPending(entry) ? entry.amount : Math.min(entry.nano, entry.amount)
      for (const { name, window, hard } of entry.funds) {
        if (hard === undefined) continue
        const key = `${name} in ${entry.windows[window]}`
        const total = (used.get(key) ?? 0) + nano
        used.set(key, total)
        if (total > hard && nano > 0) this.violations.push(`limits: ${key} is at ${total} of ${hard} nano-USD`)
      }
    }
  }

  /** Compares with what the store says. */
  checkFigures(figures: (scope: Scope) => ScopeFigures | undefined): void {
    const scopes = new Map<string, { scope: Scope; posted: number; pending: number }>()
    for (const { call, state, nano, amount } of this.entries.values()) {
      for (const scope of scopesOf(call)) {
        const key = JSON.stringify(scope)
        const known = scopes.get(key) ?? { scope, posted: 0, pending: 0 }
        known.posted += nano
        if (state === 'reserved' || state === 'dispatched') known.pending += amount
        scopes.set(key, known)
      }
    }
    for (const [key, { scope, posted, pending }] of scopes) {
      const said = figures(scope)
      if (said?.posted === posted && said.pending === pending) continue
      const saidThat = `${said?.posted} posted and ${said?.pending} pending`
      this.violations.push(
        `ledger: ${key} holds ${posted} posted and ${pending} pending, and the store says ${saidThat}`,
      )
    }
  }

  /** After a grant everything that is spent and set aside in the window fits, overruns of others included. */
  #checkRoom(id: string, { funds }: Entry): void {
    for (const { name, window, hard } of funds) {
      if (hard === undefined) continue
      const now = this.#latest.get(name)?.[window]
      const total = sum(this.entries.values(), (other) => {
        if (!other.funds.some((fund) => fund.name === name)) return 0
        if (isPending(other)) return other.amount
        return other.windows[window] === now ? other.nano : 0
      })
      if (total > hard) this.violations.push(`limits: ${id} was granted and ${name} is at ${total} of ${hard} nano-USD`)
    }
  }
}

function isPending({ state }: Entry): boolean {
  return state === 'reserved' || state === 'dispatched'
}

function scopesOf({ session, agent, provider, model, tags = {} }: CallScopes): readonly Scope[] {
  return [
    { kind: 'global' },
    ...(session === undefined ? [] : [{ kind: 'session', id: session } as const]),
    ...(agent === undefined ? [] : [{ kind: 'agent', id: agent } as const]),
    ...(provider === undefined ? [] : [{ kind: 'provider', id: provider } as const]),
    ...(model === undefined ? [] : [{ kind: 'model', id: `${provider}/${model}` } as const]),
    ...Object.entries(tags).map(([tag, id]) => ({ kind: 'tag', tag, id }) as const),
  ]
}

function sum<T>(items: Iterable<T>, of: (item: T) => number): number {
  let total = 0
  for (const item of items) total += of(item)
  return total
}
