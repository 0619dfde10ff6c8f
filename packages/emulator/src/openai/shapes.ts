import type { Finish } from '../reply.ts'
import type { Turn, TurnToolCall } from '../wire.ts'
import type { Usage } from '../usage.ts'
import { promptTokens } from '../usage.ts'

/** Chat Completions' words; a refusal ends as `stop`, and there is no pause. */
export const finishReasons: Readonly<Record<Finish, string>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  content_filter: 'content_filter',
  refusal: 'stop',
  pause: 'stop',
}

export function toolCallOf(call: TurnToolCall, index: number, turn: Turn, args: string): object {
  return {
    index,
    id: call.id ?? `call_${turn.id}_${index}`,
    type: 'function',
    function: { name: call.name, arguments: args },
  }
}

export function usageOf(usage: Usage): object {
  const prompt_tokens = promptTokens(usage)
  return {
    prompt_tokens,
    completion_tokens: usage.output,
    total_tokens: prompt_tokens + usage.output,
    prompt_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite + usage.cacheWrite1h,
      audio_tokens: 0,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}
