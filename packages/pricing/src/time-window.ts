import { PriceConfigError } from './error.ts'
import type { TimeWindow } from './rates.ts'

/** A window with its times read: minutes of the day. */
export interface OpenHours {
  readonly hours: readonly (readonly [from: number, to: number])[]
  readonly weekdays?: readonly number[] | undefined
  readonly zone: string
}

export function openHours(window: TimeWindow): OpenHours {
  const zone = window.zone ?? 'UTC'
  checkZone(zone)
  const { weekdays } = window
  if (weekdays?.some((day) => !Number.isInteger(day) || day < 1 || day > 7))
    throw new PriceConfigError('a weekday is a number from 1 (Monday) to 7 (Sunday)')
  return { hours: window.hours.map(([from, to]) => [minutes(from), minutes(to)]), weekdays, zone }
}

/** Whether `at` (Unix milliseconds) falls into the hours. */
export function isOpen(open: OpenHours, at: number): boolean {
  const quarter = localQuarter(at, open.zone)
  if (open.weekdays !== undefined && !open.weekdays.includes(quarter.weekday)) return false
  const minute = quarter.minute + Math.floor((at - quarter.from) / 60_000)
  return open.hours.some(([from, to]) => (from <= to ? minute >= from && minute < to : minute >= from || minute < to))
}

function minutes(time: string): number {
  const [, hour, minute] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(time) ?? []
  if (hour === undefined) throw new PriceConfigError(`"${time}" is not a time of day; write it like 09:30`)
  return Number(hour) * 60 + Number(minute)
}

interface Quarter {
  /** Unix milliseconds. */
  readonly from: number
  readonly weekday: number
  /** Of the day. */
  readonly minute: number
}

const quarterMs = 900_000
const formats = new Map<string, Intl.DateTimeFormat>()
const quarters = new Map<string, Quarter>()
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** The local time at which a quarter of an hour began: no zone shifts its clocks within one, and formatting is slow. */
function localQuarter(at: number, zone: string): Quarter {
  const from = Math.floor(at / quarterMs) * quarterMs
  const known = quarters.get(zone)
  if (known !== undefined && known.from === from) return known
  const parts: { [type: string]: string } = {}
  for (const { type, value } of formatOf(zone).formatToParts(from)) parts[type] = value
  const quarter = {
    from,
    weekday: days.indexOf(parts['weekday'] ?? '') + 1,
    minute: Number(parts['hour']) * 60 + Number(parts['minute']),
  }
  quarters.set(zone, quarter)
  return quarter
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  formats.set(zone, made)
  return made
}

function checkZone(zone: string): void {
  try {
    formatOf(zone)
  } catch {
    throw new PriceConfigError(`"${zone}" is not a time zone; use an IANA name like Asia/Shanghai`)
  }
}
