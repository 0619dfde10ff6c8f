import type { Scope } from '@wayfare/core'
import { windowEnds, type Calendar, type CalendarAt } from '../calendar.ts'
import { CostConfigError, CostStoreError } from '../error.ts'
import { withoutSession } from '../rows.ts'
import { idOf, scopesOf } from '../scope-name.ts'
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
  SpendRow,
  UnreservedSpend,
} from '../store.ts'
import { send, type RedisClient } from './client.ts'
import { run, type Script } from './script.ts'
import {
  beginScript,
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
import { callOf, postedIn, postingWords, readAccount, readRow, rowWord, scopeWord, word } from './words.ts'

export interface RedisStoreOptions {
  /** Begins the name of every key, in braces: one ledger for each. Default `wayfare`. */
  readonly prefix?: string | undefined
}

const sweptAtOnce = 500

/**
 * The ledger in Redis 7 or Valkey, which any number of machines share; each change is one script, and time is the server's.
 * A server that has lost or evicted a part of the ledger is told by a `store` error.
 */
export class RedisStore implements CostStore {
  readonly kind = 'redis'
  readonly shared = true
  readonly #client: RedisClient
  readonly #keys: readonly string[]
  #begun: Promise<string> | undefined
  /** The server's time when it last told. */
  #now = 0

  constructor(client: RedisClient, { prefix = 'wayfare' }: RedisStoreOptions = {}) {
    if (prefix === '' || /[{}]/.test(prefix))
      throw new CostConfigError(`the prefix "${prefix}" is empty or has braces; use a plain name like wayfare`)
    this.#client = client
    const names = ['ledger', 'held', 'due', 'ended', 'ends', 'sessions', 'agents', 'bill', 'rows']
    this.#keys = names.map((name) => `{${prefix}}:${name}`)
  }

  async reserve({ id, call, amount, least, limits, calendarAt, leaseMs }: ReserveOrder): Promise<Admission> {
    const [calendar, [what, , ...rest]] = await this.#atCalendar(reserveScript, calendarAt, ({ dayEnds, ...at }) => [
      word(id),
      ...[dayEnds, at.day, at.week, at.month, amount, least, leaseMs].map(String),
      ...namesOf(call),
      String(limits.length),
      ...limits.flatMap(({ scope, window, hard = '', soft = '' }) => [scopeWord(scope), window, `${hard}`, `${soft}`]),
      ...scopesOf(call).map(scopeWord),
    ])
    const limitAt = (index: string | undefined): ScopeLimit => limits[Number(index) - 1] as ScopeLimit // the script counts them from 1
    if (what === 'refused') {
      const limit = limitAt(rest[0])
      const reason = rest[1] as Refused['reason'] // as the script names them
      return { ok: false, limit, reason, resetsAt: windowEnds(calendar, limit.window) }
    }
    const marks = rest.slice(1)
    const soft = Array.from({ length: marks.length / 3 }, (_, i) => {
      const [index, posted, first] = marks.slice(i * 3)
      return { limit: limitAt(index), posted: Number(posted), first: first === '1' }
    })
    return { ok: true, amount: Number(rest[0]), soft }
  }

  async dispatch(id: string): Promise<boolean> {
    return isOne(await this.#run(dispatchScript, word(id)))
  }

  async settle(id: string, posting: Posting): Promise<boolean> {
    return isOne(await this.#run(settleScript, word(id), ...postingWords(posting)))
  }

  async void(id: string): Promise<boolean> {
    return isOne(await this.#run(voidScript, word(id)))
  }

  async sweep(): Promise<number> {
    let all = 0
    for (;;) {
      const [count = '0'] = await this.#run(sweepScript, String(sweptAtOnce))
      all += Number(count)
      if (Number(count) < sweptAtOnce) return all
    }
  }

  async record({ id, call, posting, calendarAt, from }: UnreservedSpend): Promise<boolean> {
    const [, answer] = await this.#atCalendar(recordScript, calendarAt, ({ dayEnds, day, week, month }) => [
      id === undefined ? '' : word(id),
      ...postingWords(posting),
      String(dayEnds),
      day,
      week,
      month,
      agentWord(call),
      rowWord(call),
      from === undefined ? '' : word(from.id),
      String(from?.amount ?? 0),
      ...scopesOf(call).map(scopeWord),
    ])
    return isOne(answer)
  }

  async posted(limits: readonly ScopeLimit[], calendarAt: CalendarAt): Promise<number[]> {
    const [now, ...texts] = await this.#run(readScript, ...limits.map(({ scope }) => scopeWord(scope)))
    const calendar = calendarAt(Number(now))
    return limits.map(({ window }, i) => (texts[i] ? postedIn(readAccount(texts[i]), window, calendar) : 0))
  }

  async figures(scope: Scope): Promise<ScopeFigures | undefined> {
    const [, text = ''] = await this.#run(readScript, scopeWord(scope))
    return text === '' ? undefined : readAccount(text).figures
  }

  async sessions(limit: number, after: string | undefined): Promise<SessionPage> {
    const [, , , , , sessions = ''] = this.#keys
    const from = after === undefined ? '-inf' : `(${after}`
    const names = await this.#list('ZRANGEBYSCORE', sessions, from, '+inf', 'LIMIT', '0', String(limit + 1))
    const accounts = await this.#accounts(names.slice(0, limit))
    const page = accounts.map(([name, { figures }]) => ({ session: idOf(name), ...figures }))
    return names.length > limit ? { sessions: page, next: String(accounts.at(-1)?.[1].number) } : { sessions: page }
  }

  async agents(): Promise<AgentFigures[]> {
    const [, , , , , , agents = ''] = this.#keys
    const accounts = await this.#accounts(await this.#list('ZRANGE', agents, '0', '-1'))
    return accounts.map(([name, { figures, sessions }]) => ({ ...figures, agent: idOf(name), sessions }))
  }

  async rows(from: string, to: string): Promise<SpendRow[]> {
    const [, , , , , , , bill = '', rows = ''] = this.#keys
    // Behind every row of the day `to` stands what begins with a byte that no row has.
    const fields = await this.#list('ZRANGEBYLEX', rows, `[${from}`, `(${to}~`)
    if (fields.length === 0) return []
    const texts = await this.#list('HMGET', bill, ...fields)
    return fields.flatMap((field, i) => {
      const text = texts[i]
      return text ? [{ day: field.slice(0, 10), call: callOf(field.slice(10)), ...readRow(text) }] : []
    })
  }

  async forget(session: string): Promise<void> {
    await this.#run(forgetScript, scopeWord({ kind: 'session', id: session }))
    for (const { day, call } of await this.rows('0000', '9999')) {
      if (call.session === session) await this.#run(foldScript, day, rowWord(call), rowWord(withoutSession(call)))
    }
  }

  /** After a loss: what the server still has is the ledger from now on. Every process must say so, or start again. */
  async acceptLoss(): Promise<void> {
    this.#begun = this.#begin('1')
    await this.#begun
  }

  /** Runs a script at the day that the server says it is. */
  async #atCalendar(
    script: Script,
    calendarAt: CalendarAt,
    args: (calendar: Calendar) => readonly string[],
  ): Promise<readonly [Calendar, readonly string[]]> {
    await this.#epoch()
    for (;;) {
      const calendar = calendarAt(this.#now)
      const answer = await this.#run(script, ...args(calendar))
      this.#now = Math.max(this.#now, Number(answer[1]))
      if (answer[0] !== 'clock') return [calendar, answer]
    }
  }

  async #run(script: Script, ...args: string[]): Promise<readonly string[]> {
    const answer = (await run(this.#client, script, this.#keys, [await this.#epoch(), ...args])) as string[] // as the scripts answer
    if (answer[0] === 'lost') throw lost()
    return answer
  }

  async #epoch(): Promise<string> {
    this.#begun ??= this.#begin('')
    return this.#begun
  }

  async #begin(accepts: string): Promise<string> {
    try {
      const [epoch = '', now] = (await run(this.#client, beginScript, this.#keys, [accepts])) as string[] // as the script answers
      if (epoch === 'lost') throw lost()
      this.#now = Number(now)
      return epoch
    } catch (thrown) {
      this.#begun = undefined // the next call tries again
      throw thrown
    }
  }

  async #accounts(names: readonly string[]): Promise<(readonly [string, ReturnType<typeof readAccount>])[]> {
    if (names.length === 0) return []
    const [ledger = ''] = this.#keys
    const texts = await this.#list('HMGET', ledger, ...names)
    return names.flatMap((name, i) => (texts[i] ? [[name, readAccount(texts[i])] as const] : []))
  }

  /** Empty texts where there is nothing. */
  async #list(...command: [string, ...string[]]): Promise<readonly string[]> {
    const answer = (await send(this.#client, ...command)) as (string | null)[] // these commands answer with lists
    return answer.map((text) => text ?? '')
  }
}

function namesOf(call: CallScopes): readonly string[] {
  const { session } = call
  const sessionName = session === undefined ? '' : scopeWord({ kind: 'session', id: session })
  return [agentWord(call), sessionName, rowWord(call), rowWord(withoutSession(call))]
}

function agentWord({ agent }: CallScopes): string {
  return agent === undefined ? '-' : word(agent)
}

function isOne([answer]: readonly string[]): boolean {
  return answer === '1'
}

function lost(): CostStoreError {
  return new CostStoreError(
    'Redis has lost a part of the ledger (it was flushed, evicted or failed over); nothing is granted. Set maxmemory-policy to noeviction; call acceptLoss() to go on with what is left',
  )
}
