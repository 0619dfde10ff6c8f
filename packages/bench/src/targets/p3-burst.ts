import type { Client } from '../client.ts'
import { clients, closeAll, inFlight } from '../clients.ts'
import { compare, type Work } from '../compare.ts'
import { parseFloor } from '../floors.ts'
import { startServer } from '../server.ts'
import { serve } from '../target.ts'

const words = 2_000

serve('P3', async (scale, say) => {
  const server = await startServer({ words })
  const all: Record<string, Client> = {
    ...(await clients(server.baseURL('burst'))),
    'dispatch and JSON.parse': parseFloor(server.baseURL('burst')),
  }
  say(Object.keys(all).join(', '))
  const work = Object.entries(all).map(([name, client]): readonly [string, Work] => {
    return [name, async () => (await inFlight(4, 4, () => client.stream()), 4 * words)]
  })
  const figures = await compare(Object.fromEntries(work), scale)
  await closeAll(all)
  server.close()
  return {
    rows: [
      {
        title: `${words} chunks as quickly as the server writes, 4 streams at once`,
        unit: 'ns per chunk',
        figures,
        goals: [
          { to: 'undici dispatch', atMost: 1.5 },
          { to: 'openai', atMost: 1 / 5 },
          { to: 'AI SDK', atMost: 1 / 12 },
        ],
      },
    ],
    notes: [
      'dispatch and JSON.parse: undici dispatch, and each event parsed, with nothing around it',
      'ours: `stream()` of `createLLM()`, with prices, limits in four scopes, a fallback rule and an `attempt` listener',
    ],
  }
})
