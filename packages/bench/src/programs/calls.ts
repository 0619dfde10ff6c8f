import type { Order } from '../apart.ts'
import type { Client } from '../client.ts'
import { openClient, type ClientName } from '../clients.ts'
import { spend } from '../compare.ts'
import { inFlight } from '../in-flight.ts'
import { profile } from '../profile.ts'

// Runs tasks of one client, as it is told, and says what they cost.
const [name, baseURL] = process.argv.slice(2) as [ClientName, string] // from Apart
const clients = new Map<string, Client>()
await clientOf(baseURL)
process.on('message', (order) => void answer(order as Order))
process.on('disconnect', () => void close())
process.send?.('ready')

async function answer({ task, leastMs, profiled }: Order): Promise<void> {
  const { method, width, calls, units } = task
  const client = await clientOf(task.baseURL)
  const work = async (): Promise<number> => {
    await inFlight(width, calls, () => client[method]())
    return calls * units
  }
  process.send?.(await (profiled ? profile(work, leastMs) : spend(work, leastMs)))
}

async function clientOf(url: string): Promise<Client> {
  const client = clients.get(url) ?? (await openClient(name, url)) ?? process.exit(2)
  clients.set(url, client)
  return client
}

async function close(): Promise<void> {
  for (const client of clients.values()) await client.close?.()
  process.exit()
}
