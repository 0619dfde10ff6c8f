import type { FinishReason } from '@wayfare/core'

const reasons: Readonly<Record<string, FinishReason | 'failed'>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  CONTINUATION: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
  BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
  SPII: 'content_filter',
  LANGUAGE: 'content_filter',
  IMAGE_SAFETY: 'content_filter',
  IMAGE_PROHIBITED_CONTENT: 'content_filter',
  IMAGE_RECITATION: 'content_filter',
  MALFORMED_FUNCTION_CALL: 'failed',
  MALFORMED_RESPONSE: 'failed',
  UNEXPECTED_TOOL_CALL: 'failed',
  TOO_MANY_TOOL_CALLS: 'failed',
}

/** `failed`: the model went astray, and the same request may do better. `calls`: complete tool calls in the answer. */
export function finishReason(raw: string, calls: number): FinishReason | 'failed' {
  const reason = (Object.hasOwn(reasons, raw) ? reasons[raw] : undefined) ?? 'other'
  return reason === 'stop' && calls > 0 ? 'tool_calls' : reason
}
