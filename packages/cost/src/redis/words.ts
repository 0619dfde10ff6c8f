import type { Scope, Window } from '@wayfare/core'
import type { Calendar } from '../calendar.ts'
import { scopeName } from '../scope-name.ts'
import type { CallScopes, Figures, Posting, ScopeFigures } from '../store.ts'
import { added, attemptsOf, figuresOf } from '../tally.ts'

/** JSON without a space in it: values stand as words in a row. */
export function word(value: unknown): string {
  return JSON.stringify(value).replaceAll(' ', '\\u0020')
}

export function scopeWord(scope: Scope): string {
  return scopeName(scope).replaceAll(' ', '\\u0020')
}

/** A row of the bill by its scopes, the same whatever the order of the tags. */
export function rowWord({ provider, model, agent, session, tags = {} }: CallScopes): string {
  const sorted = Object.entries(tags).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return word([provider ?? null, model ?? null, agent ?? null, session ?? null, sorted])
}

/** The scopes that `rowWord` was made of. */
export function callOf(text: string): CallScopes {
  const [provider, model, agent, session, tags] = JSON.parse(text) as [
    ...(string | null)[],
    [string, string][], // as `rowWord` writes it
  ] as [string | null, string | null, string | null, string | null, [string, string][]]
  return {
    ...(provider !== null && { provider }),
    ...(model !== null && { model }),
    ...(agent !== null && { agent }),
    ...(session !== null && { session }),
    ...(tags.length > 0 && { tags: Object.fromEntries(tags) }),
  }
}

/** What a settlement adds, for the script to subtract from what a lease charged. */
export function postingWords(posting: Posting): readonly string[] {
  return added(posting.nano ?? 0, posting, attemptsOf(posting, false)).map(String)
}

/** An account as the scripts write it. */
export interface Account {
  readonly number: number
  readonly figures: ScopeFigures
  readonly sessions: number
  readonly posted: Readonly<Record<Window, number>>
  readonly windows: Pick<Calendar, 'day' | 'week' | 'month'>
}

export function readAccount(text: string): Account {
  const words = text.split(' ')
  const numbers = words.slice(0, 9).map(Number)
  const [number = 0, pending = 0, ...rest] = numbers
  const [day = '', week = '', month = '', dayPosted, weekPosted, monthPosted, , sessions, agent = '-'] = words.slice(9)
  const figures = figuresOf(rest)
  return {
    number,
    sessions: Number(sessions),
    windows: { day, week, month },
    posted: {
      total: figures.posted,
      day: Number(dayPosted),
      week: Number(weekPosted),
      month: Number(monthPosted),
    },
    figures: { ...figures, pending, ...(agent !== '-' && { agent: JSON.parse(agent) as string }) }, // written by `word`
  }
}

/** What is posted in a window that the account may not have entered yet. */
export function postedIn({ posted, windows }: Account, window: Window, calendar: Calendar): number {
  if (window === 'total' || windows.day >= calendar.day) return posted[window]
  return windows[window] === calendar[window] ? posted[window] : 0
}

export function readRow(text: string): Figures {
  return figuresOf(text.split(' ').map(Number))
}
