import { createHash } from 'node:crypto'

/** The part of a client or pool that is used: that of pg, of postgres.js, and of PGlite. */
export type PostgresClient =
  | { query(statement: NamedStatement): Promise<Answer> }
  | { unsafe(text: string, values: string[], options: { prepare: boolean }): PromiseLike<readonly unknown[]> }
  | { query(text: string, values: string[]): Promise<Answer>; exec(text: string): Promise<unknown> }

export interface NamedStatement {
  readonly name?: string
  readonly text: string
  readonly values: string[]
}

interface Answer {
  readonly rows: readonly unknown[]
}

/** A failure of a statement that changed nothing, after which it may be tried again. */
const passing: ReadonlySet<unknown> = new Set([
  '22012', // as our own statements say that another made the same row meanwhile
  '40001', // serialization
  '40P01', // deadlock
])
const tries = 20

/** Speaks with the client, whichever it is. */
export class Statements {
  readonly #client: PostgresClient
  readonly #prepare: boolean
  readonly #names = new Map<string, string>()

  /** `prepare`: each connection keeps the plans of the statements, which takes less time than to make them. */
  constructor(client: PostgresClient, prepare: boolean) {
    this.#client = client
    this.#prepare = prepare
  }

  /**
   * Runs a statement whose one parameter is JSON and whose one row has one column, `answer`: JSON as a text, which no client
   * reads in a way of its own.
   */
  async ask<T>(text: string, input: unknown): Promise<T> {
    const values = [JSON.stringify(input)]
    for (let left = tries; ; left--) {
      try {
        const rows = await this.#run(text, values)
        return JSON.parse((rows as readonly { readonly answer: string }[])[0]?.answer ?? 'null') as T // as the statement says
      } catch (thrown) {
        if (left <= 1 || !passing.has((thrown as { readonly code?: unknown } | undefined)?.code)) throw thrown
      }
    }
  }

  /** Runs a statement that has no parameters and no answer. */
  async execute(text: string): Promise<void> {
    const client = this.#client
    if ('unsafe' in client) await client.unsafe(text, [], { prepare: false })
    else if ('exec' in client) await client.exec(text)
    else await client.query({ text, values: [] })
  }

  async #run(text: string, values: string[]): Promise<readonly unknown[]> {
    const client = this.#client
    if ('unsafe' in client) return client.unsafe(text, values, { prepare: this.#prepare })
    if ('exec' in client) return (await client.query(text, values)).rows
    const statement = this.#prepare ? { name: this.#nameOf(text), text, values } : { text, values }
    return (await client.query(statement)).rows
  }

  /** Another text is another statement, also after an update of this package. */
  #nameOf(text: string): string {
    const known = this.#names.get(text)
    if (known !== undefined) return known
    const made = `wayfare_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
    this.#names.set(text, made)
    return made
  }
}
