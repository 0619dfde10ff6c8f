import { Redis } from 'ioredis'
import { Pool } from 'pg'
import type { CostStore } from '../../src/index.ts'
import { openJournal } from '../../src/journal/index.ts'
import { PostgresStore } from '../../src/postgres/index.ts'
import { RedisStore } from '../../src/redis/index.ts'
import { SqliteStore } from '../../src/sqlite/index.ts'
import { builtin } from '../sqlite/builtin.ts'

/** What a process is told of the store that it races on. */
export type StoreAddress =
  | { readonly kind: 'redis'; readonly at: string; readonly prefix: string }
  | { readonly kind: 'postgres'; readonly at: string }
  | { readonly kind: 'sqlite' | 'journal'; readonly at: string }

/** Opens a store of one's own at an address. */
export async function openStore(
  address: StoreAddress,
): Promise<{ readonly store: CostStore; readonly close: () => Promise<void> }> {
  const { at } = address
  switch (address.kind) {
    case 'redis': {
      const client = new Redis(at)
      return { store: new RedisStore(client, address), close: async () => client.disconnect() }
    }
    case 'postgres': {
      const pool = new Pool({ connectionString: at, max: 10 })
      return { store: new PostgresStore(pool), close: () => pool.end() }
    }
    case 'sqlite': {
      const database = builtin?.(at)
      if (database === undefined) throw new Error('this Node has no SQLite')
      return { store: new SqliteStore(database), close: async () => database.close() }
    }
    case 'journal': {
      const store = await openJournal(at)
      return { store, close: () => store.close() }
    }
  }
}
