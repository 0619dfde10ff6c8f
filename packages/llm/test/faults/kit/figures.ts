import { edited } from './recording.ts'
import type { Wire } from './wires.ts'

/** Where each wire counts. */
export const figures: {
  readonly [wire: string]: { readonly input: string; readonly output: string; readonly cached?: string }
} = {
  anthropic: { input: 'input_tokens', output: 'output_tokens', cached: 'cache_read_input_tokens' },
  openai: { input: 'prompt_tokens', output: 'completion_tokens', cached: 'cached_tokens' },
  openrouter: { input: 'prompt_tokens', output: 'completion_tokens', cached: 'cached_tokens' },
  google: { input: 'promptTokenCount', output: 'candidatesTokenCount', cached: 'cachedContentTokenCount' },
  ollama: { input: 'prompt_eval_count', output: 'eval_count' },
}

/** The events with another figure, as JSON. */
export function counting(
  wire: Wire,
  events: readonly string[],
  figure: 'input' | 'output' | 'cached',
  json: string,
): string[] {
  const name = figures[wire.wire]![figure]!
  const counted = new RegExp(`"${name}":\\d+`, 'g')
  return events.map((event) => edited(event, (text) => text.replace(counted, () => `"${name}":${json}`)))
}
