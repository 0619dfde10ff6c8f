import type { ChatEvent, ChatResponse } from './contract/response.ts'
import type { AnyToolCall } from './contract/tool.ts'
import { LLMError } from './error.ts'

/** Reads the events of a call to the end and returns the response. */
export async function collect<C extends AnyToolCall, O>(
  events: AsyncIterable<ChatEvent<C, O>>,
  onEvent?: (event: ChatEvent<C, O>) => void,
): Promise<ChatResponse<C, O>> {
  let response: ChatResponse<C, O> | undefined
  for await (const event of events) {
    onEvent?.(event)
    if (event.type === 'finish') response = event.response
  }
  if (response === undefined) throw new LLMError('stream_truncated', 'the events ended without a finish event')
  return response
}
