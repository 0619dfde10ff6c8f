import { PostgresStore } from '../postgres/store.ts'
import { loadClient } from './client.ts'
import type { OpenedStore } from './opened.ts'

/** As pg exports it. */
interface Pg {
  readonly Pool: new (options: { connectionString: string; connectionTimeoutMillis: number }) => {
    query(statement: { text: string; values: string[] }): Promise<{ readonly rows: readonly unknown[] }>
    on(event: 'error', listener: () => void): unknown
    end(): Promise<void>
  }
}

type PostgresJs = (url: string) => {
  unsafe(text: string, values: string[], options: { prepare: boolean }): PromiseLike<readonly unknown[]>
  end(): Promise<void>
}

export async function openPostgres(url: string, from: string, make: boolean): Promise<OpenedStore> {
  const { name, exports } = loadClient(['pg', 'postgres'], from)
  const { client, close } = name === 'pg' ? pool(exports as Pg, url) : sql(exports as PostgresJs, url) // what these packages export
  const store = new PostgresStore(client)
  try {
    if (make) await store.migrate()
    return { store, close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

function pool({ Pool }: Pg, url: string) {
  const client = new Pool({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // Of connections that nobody uses just then; without a listener the process would end.
  client.on('error', () => {})
  return { client, close: () => client.end() }
}

function sql(postgres: PostgresJs, url: string) {
  const client = postgres(url)
  return { client, close: () => client.end() }
}
