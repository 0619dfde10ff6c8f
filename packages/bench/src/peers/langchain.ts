import { model, prompt, type Client } from '../client.ts'
import { peer } from './load.ts'

interface Message {
  readonly content: unknown
}

interface Module {
  readonly ChatOpenAI: new (options: object) => {
    stream(input: string): Promise<AsyncIterable<Message>>
    invoke(input: string): Promise<Message>
  }
}

export async function langchainClient(baseURL: string): Promise<Client | undefined> {
  const module = await peer<Module>('@langchain/openai')
  if (module === undefined) return undefined
  const chat = new module.ChatOpenAI({ model, apiKey: 'key', maxRetries: 0, configuration: { baseURL } })
  return {
    async stream() {
      let chunks = 0
      for await (const { content } of await chat.stream(prompt)) if (content !== '') chunks++
      return chunks
    },
    async complete() {
      return String((await chat.invoke(prompt)).content).length
    },
  }
}
