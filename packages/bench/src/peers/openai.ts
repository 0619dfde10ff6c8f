import { model, prompt, type Client } from '../client.ts'
import { peer } from './load.ts'

interface Chunk {
  readonly choices: readonly { readonly delta?: { readonly content?: string | null } }[]
}

interface Answer {
  readonly choices: readonly { readonly message: { readonly content: string | null } }[]
}

interface OpenAI {
  readonly chat: {
    readonly completions: {
      create(request: { readonly stream: true; readonly [field: string]: unknown }): Promise<AsyncIterable<Chunk>>
      create(request: { readonly stream?: false; readonly [field: string]: unknown }): Promise<Answer>
    }
  }
}

interface Module {
  readonly OpenAI: new (options: { baseURL: string; apiKey: string; maxRetries: number }) => OpenAI
}

/** The vendor's own client. */
export async function openaiClient(baseURL: string): Promise<Client | undefined> {
  const module = await peer<Module>('openai')
  if (module === undefined) return undefined
  const { completions } = new module.OpenAI({ baseURL, apiKey: 'key', maxRetries: 0 }).chat
  const messages = [{ role: 'user', content: prompt }]
  return {
    async stream() {
      let chunks = 0
      const stream = { stream: true, stream_options: { include_usage: true } } as const
      for await (const chunk of await completions.create({ model, messages, ...stream })) {
        if (chunk.choices[0]?.delta?.content) chunks++
      }
      return chunks
    },
    async complete() {
      const answer = await completions.create({ model, messages })
      return answer.choices[0]?.message.content?.length ?? 0
    },
  }
}
