import type { Client } from '../client.ts'
import { clients, closeAll, inFlight } from '../clients.ts'
import { compare, type Work } from '../compare.ts'
import { parseFloor } from '../floors.ts'
import { startServer, type Server } from '../server.ts'
import { serve, type Scale } from '../target.ts'

const streams = 60

serve('P4', async (scale, say) => {
  const words = scale.quick ? 60 : 300
  const server = await startServer({ words, paceMs: 8 })
  await warmUp(server, scale)
  const all: Record<string, Client> = {
    ...(await clients(server.baseURL('paced'))),
    'dispatch and JSON.parse': parseFloor(server.baseURL('paced')),
  }
  delete all['langchain'] // as slow as the others, and nothing is asked of it
  say(Object.keys(all).join(', '))
  const work = Object.entries(all).map(([name, client]): readonly [string, Work] => {
    return [name, async () => (await inFlight(streams, streams, () => client.stream()), streams * words)]
  })
  const figures = await compare(Object.fromEntries(work), { ...scale, roundMs: 1 })
  await closeAll(all)
  server.close()
  return {
    rows: [
      {
        title: `${streams} streams at once, one write for each event`,
        unit: 'ns per chunk',
        figures,
        goals: [
          { to: 'undici request', atMost: 1 },
          { to: 'openai', atMost: 1 / 3 },
          { to: 'AI SDK', atMost: 1 / 8 },
        ],
      },
    ],
    notes: [
      'nearly all of it is the read itself, by the system, node and undici: see undici dispatch, which does nothing with the bytes',
      'an answer of 300 chunks, as long as a page; what a call costs beside its chunks (P5) is shared out among them',
    ],
  }
})

/** A round is too short to compile what it runs. */
async function warmUp(server: Server, { quick }: Scale): Promise<void> {
  const all = await clients(server.baseURL('brisk'))
  for (const client of Object.values(all)) await inFlight(streams, quick ? 60 : 600, () => client.stream())
  await closeAll(all)
}
