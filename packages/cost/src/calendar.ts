import type { Window } from '@wayfare/core'
import { CostConfigError } from './error.ts'

/** One day of a time zone, and the week (from Monday) and month that it is part of. */
export interface Calendar {
  /** YYYY-MM-DD. */
  readonly day: string
  /** The day of its Monday. */
  readonly week: string
  /** YYYY-MM. */
  readonly month: string
  /** Unix milliseconds of the first instant of the day, and of those after the day, the week and the month. */
  readonly dayStarts: number
  readonly dayEnds: number
  readonly weekEnds: number
  readonly monthEnds: number
}

/** The calendar of an instant, in Unix milliseconds. */
export type CalendarAt = (ms: number) => Calendar

/** Knows the calendar of one time zone; computes it once a day. */
export class Calendars {
  readonly #zone: string
  readonly #format: Intl.DateTimeFormat | undefined
  #today: Calendar | undefined

  /** Throws a `config` error when there is no such zone. */
  constructor(zone = 'UTC') {
    this.#zone = zone
    this.#format = zone === 'UTC' ? undefined : dayFormat(zone)
  }

  at(ms: number): Calendar {
    const today = this.#today
    if (today !== undefined && ms >= today.dayStarts && ms < today.dayEnds) return today
    this.#today = this.#compute(ms)
    return this.#today
  }

  /** The day that an instant falls on. */
  dayOf(ms: number): string {
    if (Number.isNaN(ms)) throw new CostConfigError('a date is not valid; pass a Date that has a time')
    if (this.#format === undefined) return new Date(ms).toISOString().slice(0, 10)
    return this.#format.format(ms)
  }

  get zone(): string {
    return this.#zone
  }

  #compute(ms: number): Calendar {
    const day = this.dayOf(ms)
    const noon = Date.parse(`${day}T12:00:00Z`)
    const weekday = (new Date(noon).getUTCDay() + 6) % 7
    const month = day.slice(0, 7)
    const nextMonth = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 1)).toISOString().slice(0, 10)
    return {
      day,
      week: plusDays(noon, -weekday),
      month,
      dayStarts: this.#startOf(day),
      dayEnds: this.#startOf(plusDays(noon, 1)),
      weekEnds: this.#startOf(plusDays(noon, 7 - weekday)),
      monthEnds: this.#startOf(nextMonth),
    }
  }

  /** The first instant of a day. Searched for, because midnight may not exist where clocks change. */
  #startOf(day: string): number {
    const midnight = Date.parse(`${day}T00:00:00Z`)
    if (this.#format === undefined) return midnight
    let before = midnight - 15 * 3_600_000
    let after = midnight + 15 * 3_600_000
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (this.dayOf(middle) >= day) after = middle
      else before = middle
    }
    return after
  }
}

/** Which day, week or month it is; one word for the window that never ends. */
export function windowId(calendar: Calendar, window: Window): string {
  return window === 'total' ? 'total' : calendar[window]
}

/** Unix milliseconds of the first instant after the window; undefined for the one that never ends. */
export function windowEnds(calendar: Calendar, window: Window): number | undefined {
  if (window === 'day') return calendar.dayEnds
  if (window === 'week') return calendar.weekEnds
  return window === 'month' ? calendar.monthEnds : undefined
}

function plusDays(noon: number, days: number): string {
  return new Date(noon + days * 86_400_000).toISOString().slice(0, 10)
}

function dayFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    // The Swedish way to write a date is YYYY-MM-DD.
    return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  } catch {
    throw new CostConfigError(`"${timeZone}" is not a time zone; use an IANA name like Europe/Berlin`)
  }
}
