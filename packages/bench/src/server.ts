import { fork } from 'node:child_process'
import { once } from 'node:events'

export interface ServerOrder {
  /** Chunks of text in each answer. */
  readonly words: number
  readonly padded: boolean
  /** Between two writes of a paced answer. */
  readonly paceMs: number
}

/** `burst`: as quickly as it can; `paced`: one write for each event; `brisk`: the same every millisecond; `held`: four events, and no more; `whole`: one JSON body. */
export type ServerMode = 'burst' | 'paced' | 'brisk' | 'held' | 'whole'

export interface Server {
  baseURL(mode: ServerMode): string
  /** Lets the answers that are held come to their end. */
  release(): void
  /** Resolves once so many answers are held. */
  opened(count: number): Promise<void>
  close(): void
}

/** Starts the server of the benchmarks in a process of its own. */
export async function startServer(order: Partial<ServerOrder> & Pick<ServerOrder, 'words'>): Promise<Server> {
  const program = new URL('../programs/server.js', import.meta.url)
  const child = fork(program, [JSON.stringify({ padded: false, paceMs: 20, ...order })], { execArgv: [] })
  const [port] = (await once(child, 'message')) as [number]
  return {
    baseURL: (mode) => `http://127.0.0.1:${port}/${mode}/v1`,
    release: () => child.send('release'),
    async opened(count) {
      for (let held = -1; held !== count;) {
        child.send('count')
        ;[held] = (await once(child, 'message')) as [number]
        if (held !== count) await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    close: () => child.disconnect(),
  }
}
