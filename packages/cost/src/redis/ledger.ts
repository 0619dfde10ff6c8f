import type { Calendar, CalendarAt } from '../calendar.ts'
import { CostStoreError } from '../error.ts'
import { readAccount, type Account, type Reply } from './account.ts'
import { send, type RedisClient } from './client.ts'
import { run, type Script } from './script.ts'
import { beginScript, readScript } from './scripts.ts'

const keys = ['ledger', 'due', 'ends', 'sessions', 'agents', 'bill', 'rows'] as const
const readAtOnce = 1_000

/** The keys of one ledger, and the way to run scripts on them. */
export class RedisLedger {
  readonly #client: RedisClient
  readonly #prefix: string
  readonly #keys: readonly string[]
  #begun: Promise<string> | undefined
  /** The server's time when it last told. */
  #now = 0

  constructor(client: RedisClient, prefix: string) {
    this.#client = client
    this.#prefix = prefix
    this.#keys = keys.map((name) => this.key(name))
  }

  key(name: (typeof keys)[number]): string {
    return `{${this.#prefix}}:${name}`
  }

  /** Runs a script about a reservation (an empty id is none). Throws a `store` error when a part of the ledger is lost. */
  async run(script: Script, id: string, told: unknown = 0): Promise<Reply> {
    return this.#send(script, await this.#epoch(), id, told)
  }

  /** Runs a script at the day that the server says it is. */
  async runAt(
    calendarAt: CalendarAt,
    script: Script,
    id: string,
    told: (calendar: Calendar) => unknown,
  ): Promise<readonly [Calendar, Reply]> {
    await this.#epoch()
    for (;;) {
      const calendar = calendarAt(this.#now)
      const answer = await this.run(script, id, told(calendar))
      this.#now = Math.max(this.#now, Number(answer[1]))
      if (answer[0] !== 'clock') return [calendar, answer]
    }
  }

  /** Runs a script that answers each name with a list, or with nothing: then it is left out. Behind `skipped` answers. */
  async read(script: Script, all: readonly string[], skipped: number): Promise<(readonly [string, Reply])[]> {
    const found: (readonly [string, Reply])[] = []
    for (let first = 0; first < all.length; first += readAtOnce) {
      const some = all.slice(first, first + readAtOnce)
      const answers = await this.run(script, '', some)
      for (const [i, name] of some.entries()) {
        const answer = answers[i + skipped]
        if (Array.isArray(answer)) found.push([name, answer])
      }
    }
    return found
  }

  /** Those that are known. */
  async accounts(all: readonly string[]): Promise<(readonly [string, Account])[]> {
    return (await this.read(readScript, all, 1)).map(([name, answer]) => [name, readAccount(answer)])
  }

  async list(...command: [string, ...string[]]): Promise<readonly string[]> {
    return (await send(this.#client, ...command)) as string[] // these commands answer with lists
  }

  /** After a loss: what is left is the ledger from now on. */
  async acceptLoss(): Promise<void> {
    this.#begun = this.#begin(true)
    await this.#begun
  }

  async #epoch(): Promise<string> {
    this.#begun ??= this.#begin(false)
    return this.#begun
  }

  async #begin(accepts: boolean): Promise<string> {
    try {
      const [epoch, now] = await this.#send(beginScript, '', '', accepts)
      this.#now = Number(now)
      return String(epoch)
    } catch (thrown) {
      this.#begun = undefined // the next call tries again
      throw thrown
    }
  }

  async #send(script: Script, epoch: string, id: string, told: unknown): Promise<Reply> {
    const args = [epoch, id, JSON.stringify(told)]
    const answer = (await run(this.#client, script, this.#keys, args)) as Reply // as scripts answer
    if (answer[0] === 'lost') throw lost()
    return answer
  }
}

function lost(): CostStoreError {
  return new CostStoreError(
    'Redis has lost a part of the ledger (it was flushed, evicted or failed over); nothing is granted. Set maxmemory-policy to noeviction; call acceptLoss() to go on with what is left',
  )
}
