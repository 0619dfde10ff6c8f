import type { CostStore } from '../../src/index.ts'

/** What a process is told of the store that it races on. */
export type StoreAddress =
  | { readonly kind: 'redis'; readonly at: string; readonly prefix: string }
  | { readonly kind: 'postgres'; readonly at: string }
  | { readonly kind: 'sqlite'; readonly at: string }

/** Opens a store of one's own at an address; loads nothing that others need. */
export async function openStore(
  address: StoreAddress,
): Promise<{ readonly store: CostStore; readonly close: () => Promise<void> }> {
  const { at } = address
  switch (address.kind) {
    case 'redis': {
      const [{ Redis }, { RedisStore }] = await Promise.all([import('ioredis'), import('../../src/redis/index.ts')])
      const client = new Redis(at)
      return { store: new RedisStore(client, address), close: async () => client.disconnect() }
    }
    case 'postgres': {
      const [{ Pool }, { PostgresStore }] = await Promise.all([import('pg'), import('../../src/postgres/index.ts')])
      const pool = new Pool({ connectionString: at, max: 10 })
      return { store: new PostgresStore(pool), close: () => pool.end() }
    }
    case 'sqlite': {
      const [{ builtin }, { SqliteStore }] = await Promise.all([
        import('../sqlite/builtin.ts'),
        import('../../src/sqlite/index.ts'),
      ])
      const database = builtin?.(at)
      if (database === undefined) throw new Error('this Node has no SQLite')
      return { store: new SqliteStore(database), close: async () => database.close() }
    }
  }
}
