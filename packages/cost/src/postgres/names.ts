import { createHash } from 'node:crypto'
import type { Scope, Window } from '@wayfare/core'
import type { Calendar } from '../calendar.ts'
import { rowKey } from '../rows.ts'
import { scopeName } from '../scope-name.ts'
import type { CallScopes, ScopeFigures } from '../store.ts'
import { figuresOf } from '../tally.ts'

/** An index holds no text of any length: a long one is known by its sum. */
export function short(text: string): string {
  return text.length <= 500 ? text : `${text.slice(0, 1)}#${sum(text)}`
}

function sum(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function accountName(scope: Scope): string {
  return short(scopeName(scope))
}

/** The row of the bill that a call is in. */
export function rowOf(call: CallScopes): { readonly key: string; readonly call: string } {
  return { key: sum(rowKey(call)), call: JSON.stringify(call) }
}

/** A row of `wayfare_accounts`. */
export interface AccountRow {
  readonly name: string
  readonly number: number
  readonly label: string
  readonly agent: string | null
  readonly pending: number
  readonly day: string
  readonly week: string
  readonly month: string
  readonly day_posted: number
  readonly week_posted: number
  readonly month_posted: number
  readonly posted: number
  readonly input: number
  readonly output: number
  readonly messages: number
  readonly attempts: number
  readonly unpriced: number
  readonly sources: number
}

type FigureColumn = 'posted' | 'input' | 'output' | 'messages' | 'attempts' | 'unpriced' | 'sources'

export function numbersOf(row: Pick<AccountRow, FigureColumn>): readonly number[] {
  return [row.posted, row.input, row.output, row.messages, row.attempts, row.unpriced, row.sources]
}

export function scopeFigures(row: AccountRow): ScopeFigures {
  const figures = { ...figuresOf(numbersOf(row)), pending: row.pending }
  return row.agent === null ? figures : { ...figures, agent: JSON.parse(row.agent) as string } // written as JSON
}

/** What is posted in a window that the account may not have entered yet. */
export function postedIn(row: AccountRow, window: Window, calendar: Calendar): number {
  if (window === 'total') return row.posted
  return row.day >= calendar.day || row[window] === calendar[window] ? row[`${window}_posted`] : 0
}
