import { RedisStore, type RedisStoreOptions } from '../redis/store.ts'
import { loadClient, type Client } from './client.ts'
import type { OpenedStore } from './opened.ts'

interface Loud {
  on(event: 'error', listener: () => void): unknown
}

/** As ioredis and iovalkey export it. */
interface Ioredis {
  readonly Redis: new (
    url: string,
    options: { maxRetriesPerRequest: number },
  ) => Loud & {
    call(command: string, ...args: string[]): Promise<unknown>
    disconnect(): void
  }
}

interface NodeRedis {
  createClient(options: { url: string }): Loud & {
    connect(): Promise<unknown>
    sendCommand(args: string[]): Promise<unknown>
    destroy(): void
  }
}

export async function openRedis(url: string, from: string, options: RedisStoreOptions): Promise<OpenedStore> {
  const client = loadClient(['ioredis', 'iovalkey', 'redis'], from)
  return client.name === 'redis' ? overNodeRedis(client, url, options) : overIoredis(client, url, options)
}

function overIoredis({ exports }: Client, url: string, options: RedisStoreOptions): OpenedStore {
  const { Redis } = exports as Ioredis // what these packages export
  const client = new Redis(url, { maxRetriesPerRequest: 3 })
  listen(client)
  return { store: new RedisStore(client, options), close: async () => client.disconnect() }
}

async function overNodeRedis({ exports }: Client, url: string, options: RedisStoreOptions): Promise<OpenedStore> {
  const client = (exports as NodeRedis).createClient({ url }) // what that package exports
  listen(client)
  await client.connect()
  return { store: new RedisStore(client, options), close: async () => client.destroy() }
}

/** Whoever asks the store hears what is wrong; without a listener the process would end. */
function listen(client: Loud): void {
  client.on('error', () => {})
}
