import { ok } from 'node:assert/strict'
import type { MaybePromise, Scope } from '@wayfare/core'
import type { Calendar, CalendarAt } from '../calendar.ts'
import type { Admission, CallScopes, CostStore, Posting, ReserveOrder, ScopeFigures, ScopeLimit } from '../store.ts'

export const global: Scope = { kind: 'global' }
export const call: CallScopes = {
  provider: 'p',
  model: 'm',
  session: 'a:1',
  agent: 'a',
  tags: { team: 'red', tier: 'free' },
}
/** Every scope that `call` counts in. */
export const scopes: readonly Scope[] = [
  global,
  { kind: 'agent', id: 'a' },
  { kind: 'session', id: 'a:1' },
  { kind: 'provider', id: 'p' },
  { kind: 'model', id: 'p/m' },
  { kind: 'tag', tag: 'team', id: 'red' },
  { kind: 'tag', tag: 'tier', id: 'free' },
]

const always = 8.64e15

/** A day that lasts as long as the test, whatever the store's clock says. */
export function day(name: string, week: string = name, month: string = name.slice(0, 7)): CalendarAt {
  const calendar: Calendar = {
    day: name,
    week,
    month,
    dayStarts: 0,
    dayEnds: always,
    weekEnds: always,
    monthEnds: always,
  }
  return () => calendar
}

export const today: CalendarAt = day('2026-03-10', '2026-03-09')

export function limit(hard: number, scope: Scope = global, changes: Partial<ScopeLimit> = {}): ScopeLimit {
  return { scope, window: 'total', hard, ...changes }
}

export function order(id: string, amount: number, changes: Partial<ReserveOrder> = {}): ReserveOrder {
  return { id, call, amount, least: amount, limits: [], calendarAt: today, leaseMs: 3_600_000, ...changes }
}

export function posting(nano: number | undefined, changes: Partial<Posting> = {}): Posting {
  const source = nano === undefined ? 'unknown' : 'registry'
  return { nano, inputTokens: 0, outputTokens: 0, message: true, source, ...changes }
}

/** Reserves what must be granted. */
export async function granted(store: CostStore, asked: ReserveOrder): Promise<Extract<Admission, { ok: true }>> {
  const admission = await store.reserve(asked)
  ok(admission.ok, `"${asked.id}" was refused`)
  return admission
}

/** Reserves, dispatches and settles. */
export async function spent(
  store: CostStore,
  id: string,
  nano: number,
  changes: Partial<ReserveOrder> = {},
): Promise<void> {
  await granted(store, order(id, nano, changes))
  await store.dispatch(id)
  await store.settle(id, posting(nano))
}

/** The answers to what was asked at once. */
export async function answers<T>(asked: readonly MaybePromise<T>[]): Promise<T[]> {
  return Promise.all(asked.map(async (answer) => answer))
}

/** Whose lease has ended as soon as the store looks. */
export const ended: Partial<ReserveOrder> = { leaseMs: 0 }

/** Posted and pending; zeros for what was never seen. */
export async function sums(store: CostStore, scope: Scope = global): Promise<readonly [number, number]> {
  const { posted = 0, pending = 0 }: Partial<ScopeFigures> = (await store.figures(scope)) ?? {}
  return [posted, pending]
}

/** What is posted in all days together, by the bill. */
export async function billed(store: CostStore): Promise<number> {
  const rows = await store.rows('0000', '9999')
  return rows.reduce((sum, { posted }) => sum + posted, 0)
}
