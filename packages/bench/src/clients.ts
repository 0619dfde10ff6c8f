import type { Client } from './client.ts'

type Opened = Client | undefined

/** Everybody who calls a server: ours first, then the floors, then the peers. Each loads nothing but itself. */
const openers = {
  ours: async (baseURL: string): Promise<Opened> => (await import('./ours.ts')).ours(baseURL),
  'the provider alone': async (baseURL: string): Promise<Opened> => (await import('./ours.ts')).providerAlone(baseURL),
  'undici dispatch': async (baseURL: string): Promise<Opened> => (await import('./floors.ts')).dispatchFloor(baseURL),
  'undici request': async (baseURL: string): Promise<Opened> => (await import('./floors.ts')).requestFloor(baseURL),
  'dispatch and JSON.parse': async (baseURL: string): Promise<Opened> =>
    (await import('./floors.ts')).parseFloor(baseURL),
  openai: async (baseURL: string): Promise<Opened> => (await import('./peers/openai.ts')).openaiClient(baseURL),
  'AI SDK': async (baseURL: string): Promise<Opened> => (await import('./peers/ai.ts')).aiClient(baseURL),
  langchain: async (baseURL: string): Promise<Opened> =>
    (await import('./peers/langchain.ts')).langchainClient(baseURL),
}

export type ClientName = keyof typeof openers

/** All but some, in their order. */
export function clientsBut(...left: readonly ClientName[]): readonly ClientName[] {
  return (Object.keys(openers) as ClientName[]).filter((name) => !left.includes(name)) // the keys of an object are its names
}

/** One client of the server; undefined for a peer that is not installed or does not run on this Node. */
export function openClient(name: ClientName, baseURL: string): Promise<Opened> {
  return openers[name](baseURL)
}
