import { Apart } from '../apart.ts'
import { clientsBut } from '../clients.ts'
import { shareText } from '../profile.ts'
import { startServer } from '../server.ts'
import { serve } from '../target.ts'

const words = 2_000
const names = clientsBut()

serve('P3', async (scale, say) => {
  const server = await startServer({ words })
  say(names.join(', '))
  const task = { method: 'stream', baseURL: server.baseURL('burst'), width: 4, calls: 4, units: words } as const
  const all = await Apart.start(names, task.baseURL)
  await all.warmUp(task, scale.quick ? 0 : 1)
  const figures = await all.compare(task, scale)
  const shares = await all.profile('ours', task, scale.quick ? 0.05 : 1)
  await all.close()
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
        least: 'undici dispatch',
      },
    ],
    notes: [
      `where ours spends it: ${shareText(shares)}`,
      'dispatch and JSON.parse: undici dispatch, and each event parsed, with nothing around it',
      'ours: `stream()` of `createLLM()`, with prices, limits in four scopes, a fallback rule and an `attempt` listener',
    ],
  }
})
