/** The part of a client or pool that is used: pg and PGlite have `query`, postgres.js has `unsafe`. */
export type PostgresClient =
  | { query(text: string, values: string[]): Promise<{ readonly rows: readonly unknown[] }> }
  | { unsafe(text: string, values: string[]): PromiseLike<readonly unknown[]> }

/** A failure of a statement that changed nothing, after which it may be tried again. */
const passing: ReadonlySet<unknown> = new Set([
  '22012', // as our own statements say that another made the same row meanwhile
  '40001', // serialization
  '40P01', // deadlock
])
const tries = 20

/**
 * Runs a statement whose one parameter is JSON and whose one row has one column, `answer`: JSON as a text, which no client
 * reads in a way of its own.
 */
export async function ask<T>(client: PostgresClient, text: string, input: unknown): Promise<T> {
  const values = [JSON.stringify(input)]
  for (let left = tries; ; left--) {
    try {
      const rows = 'unsafe' in client ? await client.unsafe(text, values) : (await client.query(text, values)).rows
      return JSON.parse((rows as readonly { readonly answer: string }[])[0]?.answer ?? 'null') as T // as the statement says
    } catch (thrown) {
      if (left <= 1 || !passing.has((thrown as { readonly code?: unknown } | undefined)?.code)) throw thrown
    }
  }
}

/** Runs a statement that has no parameters and no answer. */
export async function execute(client: PostgresClient, text: string): Promise<void> {
  if ('unsafe' in client) await client.unsafe(text, [])
  else await client.query(text, [])
}
