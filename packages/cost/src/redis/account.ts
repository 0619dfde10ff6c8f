import type { Window } from '@wayfare/core'
import type { Calendar } from '../calendar.ts'
import type { ScopeFigures } from '../store.ts'
import { figuresOf } from '../tally.ts'

/** An account as the scripts keep it. */
export interface Account {
  readonly number: number
  readonly figures: ScopeFigures
  readonly sessions: number
  readonly posted: Readonly<Record<Window, number>>
  readonly windows: Pick<Calendar, 'day' | 'week' | 'month'>
}

export type Reply = readonly (string | number | null | Reply)[]

export function readAccount(reply: Reply): Account {
  const [number = 0, pending = 0, ...sums] = reply.slice(0, 9).map(Number)
  const [day = '', week = '', month = ''] = reply.slice(9, 12).map(String)
  const [dayPosted = 0, weekPosted = 0, monthPosted = 0] = reply.slice(12, 15).map(Number)
  const [, sessions, agent] = reply.slice(15)
  const figures = figuresOf(sums)
  return {
    number,
    sessions: Number(sessions),
    windows: { day, week, month },
    posted: { total: figures.posted, day: dayPosted, week: weekPosted, month: monthPosted },
    figures: { ...figures, pending, ...(agent && { agent: JSON.parse(String(agent)) as string }) }, // written by `agentName`
  }
}

/** What is posted in a window that the account may not have entered yet. */
export function postedIn({ posted, windows }: Account, window: Window, calendar: Calendar): number {
  if (window === 'total' || windows.day >= calendar.day) return posted[window]
  return windows[window] === calendar[window] ? posted[window] : 0
}
