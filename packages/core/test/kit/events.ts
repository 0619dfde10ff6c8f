import type { FinishReason, ProviderEvent, ToolCallPart, Usage } from '@wayfare/core'

/** Short names for what providers send. */
export const text = (words: string): ProviderEvent => ({ type: 'text_delta', text: words })
export const thought = (words: string): ProviderEvent => ({ type: 'reasoning_delta', text: words })
export const usage = (figures: Partial<Usage>, reportedUsd?: number): ProviderEvent => ({
  type: 'usage',
  usage: figures,
  ...(reportedUsd !== undefined && { reportedUsd }),
})
export const finish = (reason: FinishReason = 'stop'): ProviderEvent => ({ type: 'finish', reason })
export const call = (name: string, input: unknown, more: Partial<ToolCallPart> = {}): ProviderEvent => ({
  type: 'part',
  part: { type: 'tool_call', id: `call_${name}`, name, input, rawInput: JSON.stringify(input), ...more },
})

/** A whole answer with its usage. */
export const answered = (words: string): readonly ProviderEvent[] => [
  text(words),
  usage({ input: 10, output: 5 }),
  finish(),
]
