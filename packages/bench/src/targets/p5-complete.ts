import { Apart } from '../apart.ts'
import { clientsBut } from '../clients.ts'
import type { Row } from '../row.ts'
import { shareText } from '../profile.ts'
import { startServer } from '../server.ts'
import { serve } from '../target.ts'

const names = clientsBut('dispatch and JSON.parse')

serve('P5', async (scale, say) => {
  const server = await startServer({ words: 100 })
  const rows: Row[] = []
  const task = {
    method: 'complete',
    baseURL: server.baseURL('whole'),
    calls: scale.quick ? 64 : 256,
    units: 1,
  } as const
  say(names.join(', '))
  const all = await Apart.start(names, task.baseURL)
  await all.warmUp({ ...task, width: 16 }, scale.quick ? 0 : 6)
  for (const width of [16, 64]) {
    const figures = await all.compare({ ...task, width }, scale)
    rows.push({
      title: `one JSON body, ${width} in flight`,
      unit: 'ns per call',
      figures,
      goals: [
        { to: 'undici request', atMost: 2 },
        { to: 'openai', atMost: 1 / 5 },
        { to: 'AI SDK', atMost: 1 / 12 },
      ],
      least: 'undici request',
    })
  }
  const shares = await all.profile('ours', { ...task, width: 16 }, scale.quick ? 0.05 : 1)
  await all.close()
  server.close()
  return {
    rows,
    notes: [
      `where ours spends it, 16 in flight: ${shareText(shares)}`,
      'ours: `complete({ stream: false })` with everything on; what the router adds to the provider is P6',
      'undici request: with JSON.parse of its text',
    ],
  }
})
