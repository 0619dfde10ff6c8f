import { LLMError } from '@wayfare/core'
import type { AssistantPart, ProviderRequest, Warning } from '@wayfare/core'

/**
 * The vendor's words for thinking that it does not take back: it was signed for another model or key, or changed on the way.
 * There is no code for it (messages of the API, 2025 and 2026).
 */
const words =
  /invalid `?signature`? in `?thinking`?|signature in (?:a )?thinking block|invalid `?data`? in `?redacted_thinking`?|`?thinking`? (?:or `?redacted_thinking`? )?blocks.{0,60}(?:cannot be modified|must match)/i

/** Whether the request would pass without the thoughts of earlier answers. */
export function refusesThinking(error: unknown, { messages }: ProviderRequest): boolean {
  if (!LLMError.is(error) || error.kind !== 'bad_request' || !words.test(error.details.providerMessage ?? ''))
    return false
  return messages.some((message) => message.role === 'assistant' && message.content.some(isThought))
}

/** The same request, its history without thoughts. What was said and done stays. */
export function withoutThinking(request: ProviderRequest): ProviderRequest {
  const messages = request.messages.map((message) =>
    message.role === 'assistant'
      ? { ...message, content: message.content.filter((part) => !isThought(part)) }
      : message,
  )
  return { ...request, messages }
}

export const thinkingDropped: Warning = {
  code: 'reasoning_dropped',
  message: 'the vendor did not take its earlier reasoning back, so the request was sent again without it',
}

function isThought(part: AssistantPart): boolean {
  return part.type === 'reasoning' || (part.type === 'provider' && part.kind === 'redacted_thinking')
}
