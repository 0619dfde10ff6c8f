import type { ModelInfo } from '@wayfare/core'
import { inputOf, priceField } from '@wayfare/openai-compatible'
import { isRecord, tokens } from '@wayfare/provider-kit'

type Record_ = Readonly<Record<string, unknown>>

/** Prices are strings of USD per token; a negative one means that it is not fixed. */
export function readModel(entry: Record_): Partial<ModelInfo> {
  const pricing: Record_ = isRecord(entry['pricing']) ? entry['pricing'] : {}
  const top: Record_ = isRecord(entry['top_provider']) ? entry['top_provider'] : {}
  const architecture: Record_ = isRecord(entry['architecture']) ? entry['architecture'] : {}
  const maxOutputTokens = tokens(top['max_completion_tokens'])
  const parameters = entry['supported_parameters']
  return {
    ...priceField('inputPerMTok', pricing['prompt'], 1e6),
    ...priceField('outputPerMTok', pricing['completion'], 1e6),
    ...priceField('cacheReadPerMTok', pricing['input_cache_read'], 1e6),
    ...priceField('cacheWritePerMTok', pricing['input_cache_write'], 1e6),
    ...(maxOutputTokens > 0 && { maxOutputTokens }),
    ...(Array.isArray(parameters) && { supportsTools: parameters.includes('tools') }),
    ...inputOf(architecture['input_modalities']),
  }
}
