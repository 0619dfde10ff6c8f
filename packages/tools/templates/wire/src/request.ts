import { LLMError } from '@wayfare/core'
import type { ProviderMessage, ProviderRequest, Warning } from '@wayfare/core'
import { portable } from '@wayfare/provider-kit'

export interface BuiltRequest {
  readonly body: Readonly<Record<string, unknown>>
  readonly warnings: readonly Warning[]
}

/** The request as `POST /chat` wants it. Throws `unsupported` for what this wire cannot carry. */
export function buildRequest(request: ProviderRequest, provider: string): BuiltRequest {
  const { model, maxOutputTokens, temperature, topP, stop, stream } = request
  if (request.tools.length > 0) throw unsupported('tools', provider, model)
  if (request.output !== undefined) throw unsupported('structured output', provider, model)
  // A history that began at another vendor loses what only that vendor understands.
  const { messages, warnings } = portable(request.messages, { vendor: 'acme-vendor' })
  return {
    body: {
      ...(maxOutputTokens !== undefined && { max_tokens: maxOutputTokens }),
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { top_p: topP }),
      ...(stop !== undefined && stop.length > 0 && { stop }),
      ...request.options,
      model,
      messages: messages.map((message) => ({ role: message.role, content: textOf(message, provider, model) })),
      stream,
    },
    warnings,
  }
}

function textOf({ content }: ProviderMessage, provider: string, model: string): string {
  return content
    .map((part) => {
      if (part.type === 'text') return part.text
      throw unsupported(`a part of type ${part.type}`, provider, model)
    })
    .join('')
}

function unsupported(what: string, provider: string, model: string): LLMError {
  return new LLMError('unsupported', `${provider} does not take ${what} yet; use another provider for this call`, {
    provider,
    model,
  })
}
