import type { ProviderRequest } from '@wayfare/core'
import type { AnswerHead } from '@wayfare/provider-kit'

/** Whether an answer is one JSON body, which some servers send though asked for a stream. */
export function isWhole({ contentType }: AnswerHead, { stream }: ProviderRequest): boolean {
  return contentType !== 'text/event-stream' && (contentType === 'application/json' || !stream)
}

/** The events that a stream would have brought a whole message in. `message`: the body, or an error. */
export function* eventsOf(message: Readonly<Record<string, unknown>>): Generator<unknown> {
  const { content } = message
  if (!Array.isArray(content)) return yield { ...message, type: 'error' }
  yield { type: 'message_start', message }
  for (const [index, block] of (content as readonly unknown[]).entries()) {
    yield { type: 'content_block_start', index, content_block: block }
    yield { type: 'content_block_stop', index }
  }
  yield { type: 'message_delta', delta: { stop_reason: message['stop_reason'] } }
  yield { type: 'message_stop' }
}
