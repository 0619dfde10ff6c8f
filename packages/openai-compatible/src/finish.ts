import type { FinishReason, Warning } from '@wayfare/core'

/** The common word for a finish reason, made consistent with what was sent. */
export function finishReason(raw: string | undefined, sent: { calls: number; refused: boolean }): FinishReason {
  const reason = raw === undefined ? 'other' : (reasons.get(raw) ?? 'other')
  if (reason === 'stop' || reason === 'tool_calls') {
    if (sent.calls > 0) return 'tool_calls'
    return sent.refused ? 'refusal' : 'stop'
  }
  return reason
}

/** Reasons that are failures, and what they stand for: the status of the same failure as an answer of its own. */
export const failures: ReadonlyMap<string, number> = new Map([
  ['error', 500],
  ['insufficient_system_resource', 503],
])

const reasons: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['length', 'length'],
  ['model_length', 'length'],
  ['max_tokens', 'length'],
  ['tool_calls', 'tool_calls'],
  ['tool_use', 'tool_calls'],
  ['function_call', 'tool_calls'],
  ['content_filter', 'content_filter'],
  ['refusal', 'refusal'],
])

export const toolCallCut: Warning = { code: 'tool_call_cut', message: 'a tool call was cut short and left out' }

export function finishMissing(provider: string): Warning {
  return { code: 'finish_missing', message: `${provider} did not say why it finished` }
}
