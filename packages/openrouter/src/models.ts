import type { ModelInfo } from '@wayfare/core'
import { isRecord, tokens } from '@wayfare/provider-kit'

type Record_ = Readonly<Record<string, unknown>>

/** Prices are strings of USD per token; a negative one means that it is not fixed. */
export function readModel(entry: Record_): Partial<ModelInfo> {
  const pricing: Record_ = isRecord(entry['pricing']) ? entry['pricing'] : {}
  const top: Record_ = isRecord(entry['top_provider']) ? entry['top_provider'] : {}
  const architecture: Record_ = isRecord(entry['architecture']) ? entry['architecture'] : {}
  const maxOutputTokens = tokens(top['max_completion_tokens'])
  const parameters = entry['supported_parameters']
  const modalities = architecture['input_modalities']
  return {
    ...price('inputPerMTok', pricing['prompt']),
    ...price('outputPerMTok', pricing['completion']),
    ...price('cacheReadPerMTok', pricing['input_cache_read']),
    ...price('cacheWritePerMTok', pricing['input_cache_write']),
    ...(maxOutputTokens > 0 && { maxOutputTokens }),
    ...(Array.isArray(parameters) && { supportsTools: parameters.includes('tools') }),
    ...(Array.isArray(modalities) && { input: modalities.flatMap(modality) }),
  }
}

type Price = 'inputPerMTok' | 'outputPerMTok' | 'cacheReadPerMTok' | 'cacheWritePerMTok'

function price(field: Price, value: unknown): Partial<ModelInfo> {
  const perToken = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  // Twelve digits: 0.0000003 * 1e6 is not 0.3 in binary.
  return perToken >= 0 && perToken < Infinity ? { [field]: Number((perToken * 1e6).toPrecision(12)) } : {}
}

function modality(name: unknown): NonNullable<ModelInfo['input']> {
  if (name === 'file') return ['pdf']
  return name === 'text' || name === 'image' || name === 'audio' || name === 'video' ? [name] : []
}
