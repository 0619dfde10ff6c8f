import type { ProviderEvent, Usage } from '@wayfare/core'
import { isRecord, oddCounts, tokens } from '@wayfare/provider-kit'
import { text, type Wire } from './wire.ts'

/** What a response says of its cost; undefined when it says nothing. `searches`: how many web searches it holds. */
export function usageEvent(response: Wire, searches: number): ProviderEvent | undefined {
  const { usage: wire } = response
  if (!isRecord(wire)) return undefined
  const serviceTier = text(response['service_tier'])
  const usage = readUsage(wire)
  const cached = (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0)
  const problems = [
    ...oddCounts(wire),
    ...(cached > tokens(wire['input_tokens']) ? ['more tokens were cached than prompted'] : []),
  ]
  return {
    type: 'usage',
    usage: {
      ...usage,
      ...(searches > 0 && { webSearches: searches }),
      ...(serviceTier !== undefined && { serviceTier }),
    },
    ...(problems.length > 0 && { problems }),
  }
}

/** Both kinds of cached tokens are counted among the input tokens. */
function readUsage(wire: Wire): Partial<Usage> {
  const prompt = tokens(wire['input_tokens'])
  const written = tokens(wire['output_tokens'])
  const total = tokens(wire['total_tokens'])
  const details = isRecord(wire['input_tokens_details']) ? wire['input_tokens_details'] : {}
  const more = isRecord(wire['output_tokens_details']) ? wire['output_tokens_details'] : {}
  const cacheRead = tokens(details['cached_tokens'])
  const cacheWrite = tokens(details['cache_write_tokens'])
  const thought = tokens(more['reasoning_tokens'])
  const input = cacheRead + cacheWrite > prompt ? prompt : prompt - cacheRead - cacheWrite
  // Some servers that borrow this wire count reasoning beside the output; their total gives them away.
  const output = thought > 0 && total === prompt + written + thought ? written + thought : written
  return {
    input,
    cacheRead,
    cacheWrite,
    cacheWrite1h: 0,
    output,
    reasoning: Math.min(thought, output),
    total: input + cacheRead + cacheWrite + output,
  }
}
