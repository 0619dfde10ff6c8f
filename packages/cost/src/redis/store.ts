import type { Scope } from '@wayfare/core'
import { windowEnds, type CalendarAt } from '../calendar.ts'
import { CostConfigError } from '../error.ts'
import { idOf, scopeName, scopesOf } from '../scope-name.ts'
import type {
  Admission,
  AgentFigures,
  CallScopes,
  CostStore,
  Posting,
  Refused,
  ReserveOrder,
  ScopeFigures,
  ScopeLimit,
  SessionPage,
  SoftMark,
  SpendRow,
  UnreservedSpend,
} from '../store.ts'
import { added, attemptsOf, figuresOf } from '../tally.ts'
import { postedIn, readAccount, type Reply } from './account.ts'
import type { RedisClient } from './client.ts'
import { RedisLedger } from './ledger.ts'
import { bareRowName, callOf, rowName } from './row-name.ts'
import {
  billScript,
  dispatchScript,
  foldScript,
  forgetScript,
  readScript,
  recordScript,
  reserveScript,
  settleScript,
  sweepScript,
  voidScript,
} from './scripts.ts'

export interface RedisStoreOptions {
  /** Begins the name of every key, in braces: one ledger for each. Default `wayfare`. */
  readonly prefix?: string | undefined
}

/** Where the scripts keep what an account has spent in each window. */
const columns = { total: 3, day: 13, week: 14, month: 15 }
const sweptAtOnce = 500
/** Some thirty thousand years: what the numbers of a server can hold. */
const longestLeaseMs = 1e15

/**
 * The ledger in Redis 7 or Valkey, which any number of machines share; each change is one script, and time is the server's.
 * A server that has lost or evicted a part of the ledger is told by a `store` error.
 */
export class RedisStore implements CostStore {
  readonly kind = 'redis'
  readonly shared = true
  readonly #ledger: RedisLedger

  constructor(client: RedisClient, { prefix = 'wayfare' }: RedisStoreOptions = {}) {
    if (prefix === '' || /[{}]/.test(prefix))
      throw new CostConfigError(`the prefix "${prefix}" is empty or has braces; use a plain name like wayfare`)
    this.#ledger = new RedisLedger(client, prefix)
  }

  async reserve({ id, call, amount, least, limits, calendarAt, leaseMs }: ReserveOrder): Promise<Admission> {
    const names = scopesOf(call).map(scopeName)
    const hard = tellLimits(limits, 'hard', names)
    const soft = tellLimits(limits, 'soft', names)
    const session = call.session === undefined ? '' : JSON.stringify(call.session)
    const lease = Math.min(leaseMs, longestLeaseMs)
    const told = [amount, least, lease, agentName(call), session, bareRowName(call), names, hard.told, soft.told]
    const [calendar, [what, , ...answer]] = await this.#ledger.runAt(
      calendarAt,
      reserveScript,
      JSON.stringify(id),
      ({ dayEnds, day, week, month }) => [dayEnds, day, week, month, ...told],
    )
    if (what === 'refused') {
      const limit = hard.at(answer[0])
      const reason = answer[1] as Refused['reason'] // as the script names them
      return { ok: false, limit, reason, resetsAt: windowEnds(calendar, limit.window) }
    }
    const marks: SoftMark[] = []
    for (let i = 1; i < answer.length; i += 3)
      marks.push({ limit: soft.at(answer[i]), posted: Number(answer[i + 1]), first: Number(answer[i + 2]) === 1 })
    return { ok: true, amount: Number(answer[0]), soft: marks }
  }

  async dispatch(id: string): Promise<boolean> {
    return isOne(await this.#ledger.run(dispatchScript, JSON.stringify(id)))
  }

  async settle(id: string, posting: Posting): Promise<boolean> {
    return isOne(await this.#ledger.run(settleScript, JSON.stringify(id), figuresIn(posting)))
  }

  async void(id: string): Promise<boolean> {
    return isOne(await this.#ledger.run(voidScript, JSON.stringify(id)))
  }

  async sweep(): Promise<number> {
    let all = 0
    for (;;) {
      const [count] = await this.#ledger.run(sweepScript, '', sweptAtOnce)
      all += Number(count)
      if (Number(count) < sweptAtOnce) return all
    }
  }

  async record({ id, call, posting, calendarAt, from }: UnreservedSpend): Promise<boolean> {
    const [, answer] = await this.#ledger.runAt(
      calendarAt,
      recordScript,
      id === undefined ? '' : JSON.stringify(id),
      ({ dayEnds, day, week, month }) => [
        figuresIn(posting),
        dayEnds,
        day,
        week,
        month,
        agentName(call),
        rowName(call),
        from === undefined ? '' : JSON.stringify(from.id),
        from?.amount ?? 0,
        scopesOf(call).map(scopeName),
      ],
    )
    return isOne(answer)
  }

  async posted(limits: readonly ScopeLimit[], calendarAt: CalendarAt): Promise<number[]> {
    const names = limits.map(({ scope }) => scopeName(scope))
    const [now, ...accounts] = await this.#ledger.run(readScript, '', names)
    const calendar = calendarAt(Number(now))
    return limits.map(({ window }, i) => {
      const account = accounts[i]
      return Array.isArray(account) ? postedIn(readAccount(account), window, calendar) : 0
    })
  }

  async figures(scope: Scope): Promise<ScopeFigures | undefined> {
    const [account] = await this.#ledger.accounts([scopeName(scope)])
    return account?.[1].figures
  }

  async sessions(limit: number, after: string | undefined): Promise<SessionPage> {
    const sessions = this.#ledger.key('sessions')
    const from = after === undefined ? '-inf' : `(${after}`
    const names = await this.#ledger.list('ZRANGEBYSCORE', sessions, from, '+inf', 'LIMIT', '0', String(limit + 1))
    const accounts = await this.#ledger.accounts(names.slice(0, limit))
    const page = accounts.map(([name, { figures }]) => ({ session: idOf(name), ...figures }))
    return names.length > limit ? { sessions: page, next: String(accounts.at(-1)?.[1].number) } : { sessions: page }
  }

  async agents(): Promise<AgentFigures[]> {
    const agents = this.#ledger.key('agents')
    const accounts = await this.#ledger.accounts(await this.#ledger.list('ZRANGE', agents, '0', '-1'))
    return accounts.map(([name, { figures, sessions }]) => ({ ...figures, agent: idOf(name), sessions }))
  }

  async rows(from: string, to: string): Promise<SpendRow[]> {
    // Behind every row of the day `to` stands what begins with a byte that no row has.
    const fields = await this.#ledger.list('ZRANGEBYLEX', this.#ledger.key('rows'), `[${from}`, `(${to}~`)
    const rows = await this.#ledger.read(billScript, fields, 0)
    return rows.map(([field, sums]) => {
      const figures = figuresOf(sums.map(Number))
      return { day: field.slice(0, 10), call: callOf(field.slice(10)), ...figures }
    })
  }

  async forget(session: string): Promise<void> {
    await this.#ledger.run(forgetScript, '', scopeName({ kind: 'session', id: session }))
    for (const { day, call } of await this.rows('0000', '9999')) {
      if (call.session === session) await this.#ledger.run(foldScript, '', [day, rowName(call), bareRowName(call)])
    }
  }

  /** After a loss: what the server still has is the ledger from now on. Every process must say so, or start again. */
  async acceptLoss(): Promise<void> {
    await this.#ledger.acceptLoss()
  }
}

/** The limits of one kind as the script is told them, three words each, and which one it counted to in its answer. */
function tellLimits(
  limits: readonly ScopeLimit[],
  kind: 'hard' | 'soft',
  names: readonly string[],
): { readonly told: readonly (string | number)[]; at(place: unknown): ScopeLimit } {
  const told: (string | number)[] = []
  const met: ScopeLimit[] = []
  for (const limit of limits) {
    const amount = limit[kind]
    if (amount === undefined) continue
    const name = scopeName(limit.scope)
    const place = names.indexOf(name) + 1 // scripts count from 1
    told.push(place === 0 ? name : place, columns[limit.window], amount)
    met.push(limit)
  }
  return { told, at: (place) => met[Number(place)] as ScopeLimit } // it was told these
}

/** As accounts and scripts name it. */
function agentName({ agent }: CallScopes): string {
  return agent === undefined ? '' : JSON.stringify(agent)
}

/** What a settlement adds, for the script to subtract from what a lease charged. */
function figuresIn(posting: Posting): readonly number[] {
  return added(posting.nano ?? 0, posting, attemptsOf(posting, false))
}

function isOne([answer]: Reply): boolean {
  return Number(answer) === 1
}
