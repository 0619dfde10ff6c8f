import type { Client } from './client.ts'
import { dispatchFloor, requestFloor } from './floors.ts'
import { ours } from './ours.ts'
import { aiClient } from './peers/ai.ts'
import { langchainClient } from './peers/langchain.ts'
import { openaiClient } from './peers/openai.ts'

/** Everybody who calls the same server: ours first, then the floors, then those peers that are installed and run. */
export async function clients(baseURL: string): Promise<Record<string, Client>> {
  const peers = {
    openai: await openaiClient(baseURL),
    'AI SDK': await aiClient(baseURL),
    langchain: await langchainClient(baseURL),
  }
  const running = Object.entries(peers).flatMap(([name, client]) =>
    client === undefined ? [] : [[name, client] as const],
  )
  return {
    ours: ours(baseURL),
    'undici dispatch': dispatchFloor(baseURL),
    'undici request': requestFloor(baseURL),
    ...Object.fromEntries(running),
  }
}

export async function closeAll(all: Readonly<Record<string, Client>>): Promise<void> {
  for (const client of Object.values(all)) await client.close?.()
}

/** Runs a task so often, with so many under way at once; the sum of what they return. */
export async function inFlight(width: number, count: number, task: () => Promise<number>): Promise<number> {
  let left = count
  let sum = 0
  const worker = async (): Promise<void> => {
    while (left-- > 0) sum += await task()
  }
  await Promise.all(Array.from({ length: width }, worker))
  return sum
}
