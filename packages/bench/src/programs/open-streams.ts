import { openClient, type ClientName } from '../clients.ts'

interface Memory {
  /** Bytes that the process has from the system. */
  readonly resident: number
  /** Bytes of what is still in use. */
  readonly live: number
}

// A process of its own for each client, so that none pays for another's garbage: opens streams and tells its memory.
const [name, baseURL, count] = process.argv.slice(2) as [ClientName, string, string] // from P7
const client = (await openClient(name, baseURL)) ?? process.exit(2)

// Whatever is loaded at the first call is no cost of a stream.
const warm = client.stream()
process.send?.('warm')
await warm
const before = await settledMemory()
for (let i = 0; i < Number(count); i++) void client.stream().catch(() => {})
process.on('message', () => void answer())
process.on('disconnect', () => process.exit())

async function answer(): Promise<void> {
  const { resident, live } = await settledMemory()
  process.send?.({ resident: resident - before.resident, live: live - before.live })
}

async function settledMemory(): Promise<Memory> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { resident: rss, live: heapUsed + external }
}
