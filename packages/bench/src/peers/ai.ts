import { model, prompt, type Client } from '../client.ts'
import { peer } from './load.ts'

interface Core {
  streamText(this: void, call: object): { readonly textStream: AsyncIterable<string> }
  generateText(this: void, call: object): Promise<{ readonly text: string }>
}

interface Vendor {
  createOpenAI(this: void, options: { baseURL: string; apiKey: string }): { chat(model: string): unknown }
}

/** The AI SDK, with its provider for OpenAI. */
export async function aiClient(baseURL: string): Promise<Client | undefined> {
  const core = await peer<Core>('ai')
  const vendor = await peer<Vendor>('@ai-sdk/openai')
  if (core === undefined || vendor === undefined) return undefined
  const { streamText, generateText } = core
  const call = { model: vendor.createOpenAI({ baseURL, apiKey: 'key' }).chat(model), prompt, maxRetries: 0 }
  return {
    async stream() {
      let chunks = 0
      for await (const text of streamText(call).textStream) if (text !== '') chunks++
      return chunks
    },
    async complete() {
      return (await generateText(call)).text.length
    },
  }
}
