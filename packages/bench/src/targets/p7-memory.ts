import { fork } from 'node:child_process'
import { once } from 'node:events'
import { clientsBut, type ClientName } from '../clients.ts'
import { startServer, type Server } from '../server.ts'
import { serve } from '../target.ts'

const names = clientsBut('dispatch and JSON.parse')

serve('P7', async ({ quick }, say) => {
  const count = quick ? 1_000 : 10_000
  const figures: Record<string, number> = {}
  const notes: string[] = []
  for (const name of names) {
    const server = await startServer({ words: 50 })
    const bytes = await openStreams(name, count, server)
    server.close()
    if (bytes === undefined) continue
    say(`${name}: ${(bytes.open / 1_024 / count).toFixed(1)} KB for each stream`)
    figures[name] = bytes.open / 1_024 / count
    if (name !== 'ours') continue
    const [live, ended] = [bytes.live, bytes.ended].map((all) => `${(all / 1_024 / count).toFixed(1)} KB`)
    notes.push(`ours: ${live} of each are live while it is open, ${ended} once it has ended`)
  }
  return {
    rows: [
      {
        title: `${count} open streams, resident memory`,
        unit: 'KB per stream',
        figures,
        goals: [
          { to: 'undici dispatch', atMost: 1.3 },
          { to: 'openai', atMost: 1 / 2 },
          { to: 'AI SDK', atMost: 1 / 8 },
        ],
        least: 'undici dispatch',
      },
    ],
    notes,
  }
})

interface Memory {
  readonly resident: number
  readonly live: number
}

/** Bytes: resident and live while they are open, live once they have ended; undefined for a client that does not run here. */
async function openStreams(
  name: ClientName,
  count: number,
  server: Server,
): Promise<{ readonly open: number; readonly live: number; readonly ended: number } | undefined> {
  const program = new URL('../programs/open-streams.js', import.meta.url)
  const child = fork(program, [name, server.baseURL('held'), String(count)], { execArgv: ['--expose-gc'] })
  const warm = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => undefined)])
  if (warm === undefined) return undefined
  await server.opened(1)
  server.release()
  await server.opened(count)
  const ask = async (): Promise<Memory> => {
    child.send('memory')
    const [memory] = (await once(child, 'message')) as [Memory]
    return memory
  }
  const open = await ask()
  server.release()
  await server.opened(0)
  const ended = await ask()
  child.disconnect()
  return { open: open.resident, live: open.live, ended: ended.live }
}
