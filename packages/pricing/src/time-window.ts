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
  localTime(0, zone)
  return { hours: window.hours.map(([from, to]) => [minutes(from), minutes(to)]), weekdays: window.weekdays, zone }
}

/** Whether `at` (Unix milliseconds) falls into the hours. */
export function isOpen(open: OpenHours, at: number): boolean {
  const { weekday, minute } = localTime(at, open.zone)
  if (open.weekdays !== undefined && !open.weekdays.includes(weekday)) return false
  return open.hours.some(([from, to]) => (from <= to ? minute >= from && minute < to : minute >= from || minute < to))
}

function minutes(time: string): number {
  const [, hour, minute] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(time) ?? []
  if (hour === undefined) throw new PriceConfigError(`"${time}" is not a time of day; write it like 09:30`)
  return Number(hour) * 60 + Number(minute)
}

const formats = new Map<string, Intl.DateTimeFormat>()
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function localTime(at: number, zone: string): { readonly weekday: number; readonly minute: number } {
  let format = formats.get(zone)
  if (format === undefined) {
    format = zoneFormat(zone)
    formats.set(zone, format)
  }
  const parts: { [type: string]: string } = {}
  for (const { type, value } of format.formatToParts(at)) parts[type] = value
  return {
    weekday: days.indexOf(parts['weekday'] ?? '') + 1,
    minute: Number(parts['hour']) * 60 + Number(parts['minute']),
  }
}

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  } catch {
    throw new PriceConfigError(`"${timeZone}" is not a time zone; use an IANA name like Asia/Shanghai`)
  }
}
