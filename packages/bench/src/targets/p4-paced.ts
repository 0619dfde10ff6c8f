import { Apart } from '../apart.ts'
import { clientsBut } from '../clients.ts'
import { shareText } from '../profile.ts'
import { startServer } from '../server.ts'
import { serve } from '../target.ts'

const streams = 60
// langchain is as slow as the others, and nothing is asked of it.
const names = clientsBut('langchain')

serve('P4', async (scale, say) => {
  const words = scale.quick ? 60 : 300
  const server = await startServer({ words, paceMs: 8 })
  say(names.join(', '))
  const task = {
    method: 'stream',
    baseURL: server.baseURL('paced'),
    width: streams,
    calls: streams,
    units: words,
  } as const
  const all = await Apart.start(names, task.baseURL)
  // At the pace of the task this would take too long.
  const brisk = { ...task, baseURL: server.baseURL('brisk') }
  await all.warmUp(brisk, scale.quick ? 0 : 4)
  const figures = await all.compare(task, { ...scale, roundMs: 1 }, brisk)
  const shares = await all.profile('ours', task, scale.quick ? 0.05 : 1)
  await all.close()
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
        least: 'undici dispatch',
      },
    ],
    notes: [
      `where ours spends it: ${shareText(shares)}`,
      readNote(figures),
      'streams that do not count go before each turn: while the others had theirs, a process gives back the memory that it works in',
      'an answer of 300 chunks, as long as a page; what a call costs beside its chunks (P5) is shared out among them',
    ],
  }
})

function readNote({ ours = NaN, 'undici dispatch': read = NaN }: Readonly<Record<string, number>>): string {
  const share = Math.round((read / ours) * 100)
  return `undici dispatch does nothing with the bytes: the read itself, by the system, node and undici, is ${share} % of ours`
}
