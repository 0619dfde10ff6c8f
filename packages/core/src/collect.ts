import type { ChatEvent, ChatResponse } from './contract/response.ts'
import type { AnyToolCall } from './contract/tool.ts'
import { LLMError } from './error.ts'
import { Listener } from './listener.ts'

/**
 * Reads the events of a call to the end and returns the response. What `onEvent` throws ends the call; so does, at the next
 * event, the rejection of a promise that it returns, which is not waited for.
 */
export async function collect<C extends AnyToolCall, O>(
  events: AsyncIterable<ChatEvent<C, O>>,
  onEvent?: (event: ChatEvent<C, O>) => void,
): Promise<ChatResponse<C, O>> {
  const listener = onEvent === undefined ? undefined : new Listener(onEvent)
  let response: ChatResponse<C, O> | undefined
  for await (const event of events) {
    listener?.tell(event)
    if (event.type === 'finish') response = event.response
  }
  listener?.check()
  if (response === undefined) throw new LLMError('stream_truncated', 'the events ended without a finish event')
  return response
}
