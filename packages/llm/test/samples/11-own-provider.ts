import { LLMError, type Provider } from '@wayfare/core'
import { endpoint, scan } from '@wayfare/provider-kit'
export function acme(options: { apiKey?: string } = {}): Provider {
  const api = endpoint({
    provider: 'acme',
    baseURL: 'https://api.acme.ai/v1',
    apiKey: options.apiKey ?? (() => process.env['ACME_API_KEY'] ?? ''),
  })
  return {
    name: 'acme',
    async *chat(request) {
      const body = await api.post(
        '/chat',
        {
          model: request.model,
          stream: true,
          max_tokens: request.maxOutputTokens,
          messages: request.messages.map((m) => ({
            role: m.role,
            text: m.content.map((p) => (p.type === 'text' ? p.text : '')).join(''),
          })),
        },
        request,
      )
      for await (const { data } of scan(body)) {
        const chunk = JSON.parse(data) as {
          text?: string
          done?: 'stop' | 'length'
          tokens?: { in: number; out: number }
          error?: string
        }
        if (chunk.error) throw new LLMError('server', 'acme failed inside the stream')
        if (chunk.text) yield { type: 'text_delta', text: chunk.text }
        if (chunk.tokens) yield { type: 'usage', usage: { input: chunk.tokens.in, output: chunk.tokens.out } }
        if (chunk.done) yield { type: 'finish', reason: chunk.done }
      }
    },
  }
}
// a class with a stateful field
export class Echo implements Provider {
  readonly name = 'echo'
  async *chat(request: Parameters<Provider['chat']>[0]) {
    yield { type: 'text_delta', text: request.messages.length.toString() } as const
    yield { type: 'finish', reason: 'stop' } as const
  }
}
