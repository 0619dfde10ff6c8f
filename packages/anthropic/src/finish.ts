import type { FinishReason } from '@wayfare/core'

const reasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'refusal',
  pause_turn: 'pause',
}

/** `calls`: how many complete tool calls the message holds. Calls without the reason, and the reverse, are put right. */
export function finishReason(stopReason: string | undefined, calls: number): FinishReason {
  const reason =
    (stopReason !== undefined && Object.hasOwn(reasons, stopReason) ? reasons[stopReason] : undefined) ?? 'other'
  if (reason === 'stop' && calls > 0) return 'tool_calls'
  if (reason === 'tool_calls' && calls === 0) return 'stop'
  return reason
}
