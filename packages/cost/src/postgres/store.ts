import { randomUUID } from 'node:crypto'
import type { Scope } from '@wayfare/core'
import { windowEnds, type CalendarAt } from '../calendar.ts'
import { withoutSession } from '../rows.ts'
import { scopesOf } from '../scope-name.ts'
import type {
  Admission,
  AgentFigures,
  CallScopes,
  CostStore,
  Figures,
  Posting,
  Refused,
  ReserveOrder,
  ScopeFigures,
  ScopeLimit,
  SessionPage,
  SpendRow,
  UnreservedSpend,
} from '../store.ts'
import { added, attemptsOf, bitOf, figuresOf } from '../tally.ts'
import { Statements, type PostgresClient } from './client.ts'
import { accountName, numbersOf, postedIn, rowOf, scopeFigures, short, type AccountRow } from './names.ts'
import { reserveSql } from './reserve-statement.ts'
import { schema } from './schema.ts'
import {
  agentsSql,
  dispatchSql,
  expireSql,
  forgetSql,
  readSql,
  rowsSql,
  sessionsSql,
  settleSql,
  voidSql,
} from './statements.ts'

/** How long an attempt that has ended is remembered, for settlements that come late or again. */
const keepMs = 35 * 86_400_000
/** The reservation that only becomes a posting lives no longer than it takes to say so. */
const recordLeaseMs = 60_000

export interface PostgresStoreOptions {
  /**
   * Whether connections keep the plans of statements, which makes calls some three times as quick. Say false where a pooler
   * between gives each transaction another connection and does not know of prepared statements. Default true.
   */
  readonly prepare?: boolean | undefined
}

interface Reserved {
  readonly now: number
  readonly what: 'clock' | 'granted' | 'refused'
  readonly amount: number
  readonly refusal: readonly [number, Refused['reason']] | null
  readonly soft: readonly (readonly [number, number, boolean])[] | null
}

/** The ledger in Postgres, which any number of machines share; each change is one statement, and time is the server's. */
export class PostgresStore implements CostStore {
  readonly kind = 'postgres'
  readonly shared = true
  readonly #db: Statements
  /** The server's time when it last told. */
  #now = 0

  constructor(client: PostgresClient, { prepare = true }: PostgresStoreOptions = {}) {
    this.#db = new Statements(client, prepare)
  }

  /** Makes the tables that are not there yet; their names begin with `wayfare_`. */
  async migrate(): Promise<void> {
    for (const statement of schema) await this.#db.execute(statement)
  }

  async reserve(order: ReserveOrder): Promise<Admission> {
    const answer = await this.#reserve(order)
    // What holds the room may be somebody who is no more.
    const mayHelp = !answer.ok && answer.reason === 'in_flight' && (await this.sweep()) > 0
    return mayHelp ? this.#reserve(order) : answer
  }

  async dispatch(id: string): Promise<boolean> {
    return this.#db.ask<boolean>(dispatchSql, { id: idOf(id) })
  }

  async settle(id: string, posting: Posting): Promise<boolean> {
    return (await this.#settle(id, posting)) === 'settled'
  }

  async void(id: string): Promise<boolean> {
    return this.#db.ask<boolean>(voidSql, { id: idOf(id) })
  }

  async sweep(): Promise<number> {
    let ended = 0
    while (await this.#db.ask<boolean>(expireSql, { keepMs, source: bitOf('unknown') })) ended++
    return ended
  }

  async record({ id = randomUUID(), call, posting, calendarAt, from }: UnreservedSpend): Promise<boolean> {
    const known = await this.#settle(id, posting, { from })
    if (known !== 'unknown') return known === 'settled'
    await this.#reserve({ id, call, amount: 0, least: 0, limits: [], calendarAt, leaseMs: recordLeaseMs })
    return (await this.#settle(id, posting, { from, unreserved: true })) === 'settled'
  }

  async posted(limits: readonly ScopeLimit[], calendarAt: CalendarAt): Promise<number[]> {
    const names = limits.map(({ scope }) => accountName(scope))
    const { now, accounts } = await this.#read(names)
    const calendar = calendarAt(now)
    return limits.map(({ window }, i) => {
      const row = accounts[names[i] ?? '']
      return row === undefined ? 0 : postedIn(row, window, calendar)
    })
  }

  async figures(scope: Scope): Promise<ScopeFigures | undefined> {
    const name = accountName(scope)
    const row = (await this.#read([name])).accounts[name]
    return row === undefined ? undefined : scopeFigures(row)
  }

  async sessions(limit: number, after: string | undefined): Promise<SessionPage> {
    const asked = { after: Number(after ?? 0), limit: limit + 1 }
    const rows = await this.#db.ask<readonly AccountRow[]>(sessionsSql, asked)
    const sessions = rows.slice(0, limit).map((row) => ({ session: labelOf(row), ...scopeFigures(row) }))
    return rows.length > limit ? { sessions, next: String(rows[limit - 1]?.number) } : { sessions }
  }

  async agents(): Promise<AgentFigures[]> {
    const rows = await this.#db.ask<readonly { readonly account: AccountRow; readonly sessions: number }[]>(
      agentsSql,
      {},
    )
    return rows.map(({ account, sessions }) => ({ ...scopeFigures(account), agent: labelOf(account), sessions }))
  }

  async rows(from: string, to: string): Promise<SpendRow[]> {
    type BillRow = AccountRow & { readonly call: string }
    const rows = await this.#db.ask<readonly BillRow[]>(rowsSql, { from, to })
    return rows.map((row) => {
      const figures: Figures = figuresOf(numbersOf(row))
      return { day: row.day, call: JSON.parse(row.call) as CallScopes, ...figures } // written by `reserve`
    })
  }

  async forget(session: string): Promise<void> {
    const asked = { name: accountName({ kind: 'session', id: session }), label: JSON.stringify(session) }
    await this.#db.ask(forgetSql, asked)
  }

  async #reserve({ id, call, amount, least, limits, calendarAt, leaseMs }: ReserveOrder): Promise<Admission> {
    const { session, agent } = call
    const row = rowOf(call)
    const coarse = rowOf(withoutSession(call))
    const asked = {
      id: idOf(id),
      amount,
      least,
      leaseMs,
      key: row.key,
      call: row.call,
      coarseKey: coarse.key,
      coarseCall: coarse.call,
      session: session === undefined ? undefined : accountName({ kind: 'session', id: session }),
      scopes: scopesOf(call).map((scope) => ({
        name: accountName(scope),
        label: scope.kind === 'global' ? '' : JSON.stringify(scope.id),
        agent: scope.kind === 'session' && agent !== undefined ? JSON.stringify(agent) : undefined,
      })),
      limits: limits.map(({ scope, window, hard, soft }, n) => ({ n, name: accountName(scope), window, hard, soft })),
    }
    for (;;) {
      const calendar = calendarAt(this.#now)
      const { day, week, month, dayEnds } = calendar
      const answer = await this.#db.ask<Reserved>(reserveSql, { ...asked, day, week, month, dayEnds })
      this.#now = Math.max(this.#now, answer.now)
      if (answer.what === 'clock') continue
      const limitAt = (n: number): ScopeLimit => limits[n] as ScopeLimit // they were numbered above
      if (answer.what === 'refused' && answer.refusal !== null) {
        const limit = limitAt(answer.refusal[0])
        return { ok: false, limit, reason: answer.refusal[1], resetsAt: windowEnds(calendar, limit.window) }
      }
      const soft = (answer.soft ?? []).map(([n, posted, first]) => ({ limit: limitAt(n), posted, first }))
      return { ok: true, amount: answer.amount, soft }
    }
  }

  async #settle(
    id: string,
    posting: Posting,
    { from, unreserved }: { from?: UnreservedSpend['from'] | undefined; unreserved?: true | undefined } = {},
  ): Promise<'settled' | 'before' | 'unknown'> {
    const figures = added(posting.nano ?? 0, posting, attemptsOf(posting, false))
    const block = from === undefined ? undefined : { id: idOf(from.id), amount: from.amount }
    return this.#db.ask(settleSql, { id: idOf(id), figures, from: block, unreserved })
  }

  async #read(
    names: readonly string[],
  ): Promise<{ readonly now: number; readonly accounts: Readonly<Record<string, AccountRow>> }> {
    return this.#db.ask(readSql, { names })
  }
}

function idOf(id: string): string {
  return short(JSON.stringify(id))
}

function labelOf({ label }: AccountRow): string {
  return JSON.parse(label) as string // written by `reserve`
}
