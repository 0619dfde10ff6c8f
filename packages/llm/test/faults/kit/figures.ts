import { edited } from './recording.ts'
import type { Wire } from './wires.ts'

/** Where each protocol counts. */
export const figures: {
  readonly [protocol in Wire['protocol']]: { readonly input: string; readonly output: string; readonly cached?: string }
} = {
  messages: { input: 'input_tokens', output: 'output_tokens', cached: 'cache_read_input_tokens' },
  chat: { input: 'prompt_tokens', output: 'completion_tokens', cached: 'cached_tokens' },
  responses: { input: 'input_tokens', output: 'output_tokens', cached: 'cached_tokens' },
  gemini: { input: 'promptTokenCount', output: 'candidatesTokenCount', cached: 'cachedContentTokenCount' },
  ollama: { input: 'prompt_eval_count', output: 'eval_count' },
}

/** The events with another figure, as JSON. */
export function counting(
  wire: Wire,
  events: readonly string[],
  figure: 'input' | 'output' | 'cached',
  json: string,
): string[] {
  const name = figures[wire.protocol][figure]!
  const counted = new RegExp(`"${name}":\\d+`, 'g')
  return events.map((event) => edited(event, (text) => text.replace(counted, () => `"${name}":${json}`)))
}
