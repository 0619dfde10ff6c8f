import type { Usage } from '@wayfare/core'
import { isRecord, oddCounts, tokens } from '@wayfare/provider-kit'
import { amount } from './amount.ts'
import type { Wire } from './wire.ts'

/** The figures of a chunk, in any of the places where vendors put them. */
export function usageIn(chunk: Wire, choice: Wire | undefined): Wire | undefined {
  const { usage } = chunk
  if (isRecord(usage)) return usage
  const inner = choice?.['usage'] ?? extension(chunk)?.['usage']
  return isRecord(inner) ? inner : undefined
}

/** What a vendor adds under a name of its own. */
export function extension(chunk: Wire): Wire | undefined {
  const key = Object.keys(chunk).find((name) => name.startsWith('x_'))
  const own = key === undefined ? undefined : chunk[key]
  return isRecord(own) ? own : undefined
}

/** Usage in its normal form: the input side disjoint, `output` everything that is billed as output. */
export function readUsage(wire: Wire): Partial<Usage> {
  const prompt = tokens(wire['prompt_tokens'])
  const completion = tokens(wire['completion_tokens'])
  // Beside a prompt that says nothing, the total says nothing of the output.
  const total = prompt > 0 ? tokens(wire['total_tokens']) : 0
  // One vendor misspells the name of its details.
  const input = detail(wire, 'prompt_tokens_details', 'prompt_token_details')
  const more = detail(wire, 'completion_tokens_details')
  const cacheRead = tokens(
    input['cached_tokens'] ?? wire['prompt_cache_hit_tokens'] ?? wire['num_cached_tokens'] ?? wire['cached_tokens'],
  )
  const cacheWrite = tokens(input['cache_write_tokens'])
  const thought = tokens(more['reasoning_tokens'] ?? wire['reasoning_tokens'])
  // More cached than prompted: the vendor counts them apart.
  const fresh = cacheRead + cacheWrite > prompt ? prompt : prompt - cacheRead - cacheWrite
  const output = outputOf(prompt, completion, total, thought)
  const cached = detail(input, 'cached_tokens_details')
  const cacheReadAudio = Math.min(tokens(cached['audio_tokens']), cacheRead)
  const audioIn = tokens(input['audio_tokens']) - cacheReadAudio
  const imageIn = tokens(input['image_tokens']) - tokens(cached['image_tokens'])
  const audioOut = tokens(more['audio_tokens'])
  return {
    input: fresh,
    cacheRead,
    cacheWrite,
    cacheWrite1h: 0,
    output,
    reasoning: Math.min(thought, output),
    total: fresh + cacheRead + cacheWrite + output,
    ...(audioIn > 0 && { audioIn }),
    ...(audioOut > 0 && { audioOut }),
    ...(cacheReadAudio > 0 && { cacheReadAudio }),
    ...(imageIn > 0 && { imageIn }),
  }
}

/** What is wrong with the figures. */
export function usageProblems(wire: Wire, { cacheRead = 0, cacheWrite = 0 }: Partial<Usage>): readonly string[] {
  const more = wire['prompt_tokens'] !== undefined && cacheRead + cacheWrite > tokens(wire['prompt_tokens'])
  return [...oddCounts(wire), ...(more ? ['more tokens were cached than prompted'] : [])]
}

/** USD, in the forms in which vendors report it. Zero is an answer; NaN is one that is no amount of money. */
export function readReportedUsd(wire: Wire): number | undefined {
  const ticks = amount(wire['cost_in_usd_ticks'])
  if (ticks !== undefined) return ticks / 1e10
  const { cost } = wire
  return isRecord(cost) ? amount(cost['total_cost']) : undefined
}

/** Some vendors count reasoning beside `completion_tokens`; their total gives them away. */
function outputOf(prompt: number, completion: number, total: number, thought: number): number {
  if (thought > 0) return total === prompt + completion + thought ? completion + thought : completion
  return total > prompt + completion && completion > 0 ? total - prompt : completion
}

function detail(wire: Wire, ...names: readonly string[]): Wire {
  return names.map((name) => wire[name]).find(isRecord) ?? {}
}
