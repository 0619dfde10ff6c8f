import { clients, closeAll, inFlight } from '../clients.ts'
import { compare, type Work } from '../compare.ts'
import type { Row } from '../row.ts'
import { startServer } from '../server.ts'
import { serve } from '../target.ts'

serve('P5', async (scale, say) => {
  const server = await startServer({ words: 100 })
  const rows: Row[] = []
  for (const width of [16, 64]) {
    const all = await clients(server.baseURL('whole'))
    say(`${width} in flight: ${Object.keys(all).join(', ')}`)
    const calls = scale.quick ? 64 : 256
    const work = Object.entries(all).map(([name, client]): readonly [string, Work] => {
      return [name, async () => (await inFlight(width, calls, () => client.complete()), calls)]
    })
    const figures = await compare(Object.fromEntries(work), scale)
    await closeAll(all)
    rows.push({
      title: `one JSON body, ${width} in flight`,
      unit: 'ns per call',
      figures,
      goals: [
        { to: 'undici request', atMost: 2 },
        { to: 'openai', atMost: 1 / 5 },
        { to: 'AI SDK', atMost: 1 / 12 },
      ],
    })
  }
  server.close()
  return {
    rows,
    notes: [
      'ours: `complete({ stream: false })` with everything on; what the router adds to the provider is P6',
      'a fifth of openai is about what undici request and JSON.parse take alone',
    ],
  }
})
