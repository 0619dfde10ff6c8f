import type { FinishReason } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { text, type Wire } from './wire.ts'

export interface Finish {
  readonly reason: FinishReason
  readonly rawReason: string
}

/** Why a response ended; what it holds corrects what it says. */
export function finishOf(
  status: 'completed' | 'incomplete',
  response: Wire,
  holds: { readonly calls: number; readonly refused: boolean },
): Finish {
  if (status === 'completed') {
    return { reason: holds.calls > 0 ? 'tool_calls' : holds.refused ? 'refusal' : 'stop', rawReason: status }
  }
  const details = response['incomplete_details']
  const rawReason = text(isRecord(details) ? details['reason'] : undefined) ?? status
  return { reason: reasons.get(rawReason) ?? 'other', rawReason }
}

const reasons: ReadonlyMap<string, FinishReason> = new Map([
  ['max_output_tokens', 'length'],
  ['content_filter', 'content_filter'],
])
