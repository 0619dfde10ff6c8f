import type { ProviderMessage, ProviderRequest, Warning } from '@wayfare/core'
import { portable } from '../../src/index.ts'
import type { Flaw } from './flaws.ts'

/** The request as this vendor wants it: every message is one text. */
export function acmeBody(
  request: ProviderRequest,
  flaw: Flaw | undefined,
): { readonly body: object; readonly warnings: readonly Warning[] } {
  const rules = { valid: /^call_\d$/, make: (_: string, index: number) => `call_${index}` }
  const { messages, warnings } =
    flaw === 'sends what another vendor signed'
      ? { messages: request.messages, warnings: [] }
      : portable(request.messages, { vendor: 'acme', toolCallId: rules })
  const limit = flaw === 'forgets the limit' ? undefined : request.maxOutputTokens
  const body = {
    model: request.model,
    stream: request.stream,
    ...(limit !== undefined && { limit }),
    ...(request.tools.length > 0 && { tools: request.tools.map(({ name }) => name) }),
    messages: messages.map((message) => ({
      role: message.role === 'system' && flaw === 'sends system messages as the user' ? 'user' : message.role,
      text: textOf(message),
    })),
  }
  return { body, warnings }
}

function textOf({ content }: ProviderMessage): string {
  return content
    .map((part) => {
      switch (part.type) {
        case 'text':
          return part.text
        case 'reasoning':
          return `[${part.text}|${JSON.stringify(part.providerMetadata)}]`
        case 'tool_call':
          return `(${part.id}: ${part.name} ${part.rawInput})`
        case 'tool_result':
          return `(${part.id}: ${typeof part.output === 'string' ? part.output : part.output.map((one) => ('text' in one ? one.text : '')).join('')})`
        case 'file':
          return `[${part.mediaType}]`
        case 'provider':
          return JSON.stringify(part.value)
      }
    })
    .join('')
}
