import { CostConfigError } from '../error.ts'
import { openJournal } from '../journal/open.ts'
import { readJournal } from '../journal/read.ts'
import { MemoryStore } from '../memory.ts'
import type { OpenedStore } from './opened.ts'
import { openPostgres } from './postgres.ts'
import { openRedis } from './redis.ts'
import { openSqlite } from './sqlite.ts'

export interface OpenOptions {
  /** The folder of the project whose client is used. Default: where the process runs. */
  readonly from?: string | undefined
  /** Of the keys in Redis; default `wayfare`. */
  readonly prefix?: string | undefined
}

/**
 * Opens the store at an address: `memory:`, `journal:FILE`, `sqlite:FILE`, `redis://...`, `postgres://...`. For servers it takes the
 * client that the project has installed: ioredis, iovalkey or redis; pg or postgres; better-sqlite3 where Node has no SQLite.
 * Files and tables are made when they are not there. Throws a `config` error for an address that is none and for a client
 * that is missing; addresses are not quoted, as they may hold a password.
 */
export async function openStore(address: string, options: OpenOptions = {}): Promise<OpenedStore> {
  return openAt(address, options, true)
}

/** Without `make` nothing is made, and a journal is only read: another process may have it open. */
export async function openAt(
  address: string,
  { from = process.cwd(), prefix }: OpenOptions,
  make: boolean,
): Promise<OpenedStore> {
  const [kind = '', rest = ''] = split(address)
  if (rest === '' && kind !== 'memory') throw unknownAddress(kind)
  switch (kind) {
    case 'memory':
      return { store: new MemoryStore(), close: async () => {} }
    case 'journal': {
      if (!make) return { store: await readJournal(rest), close: async () => {} }
      const store = await openJournal(rest)
      return { store, close: () => store.close() }
    }
    case 'sqlite':
      return openSqlite(rest, from, make)
    case 'redis':
    case 'rediss':
      return openRedis(address, from, prefix === undefined ? {} : { prefix })
    case 'postgres':
    case 'postgresql':
      return openPostgres(address, from, make)
    default:
      throw unknownAddress(kind)
  }
}

function split(address: unknown): readonly string[] {
  if (typeof address !== 'string') throw new CostConfigError('the address of a store is a text, such as journal:FILE')
  const colon = address.indexOf(':')
  return colon === -1 ? [] : [address.slice(0, colon).toLowerCase(), address.slice(colon + 1)]
}

function unknownAddress(kind: string): CostConfigError {
  const what = /^[a-z]{1,20}$/.test(kind) ? `"${kind}:" leads to no store` : 'the address leads to no store'
  return new CostConfigError(
    `${what}; use memory:, journal:FILE, sqlite:FILE, redis://HOST or postgres://HOST/DATABASE`,
  )
}
