import type { ModelInfo } from '@wayfare/core'
import { isRecord, tokens } from '@wayfare/provider-kit'
import type { Dialect } from './dialect.ts'
import { records, text, type Wire } from './wire.ts'

/** The models in a list as vendors answer it: `{ data: [...] }`, or the bare list. */
export function readModels(body: unknown, provider: string, dialect: Dialect): ModelInfo[] {
  const entries = records(Array.isArray(body) ? body : isRecord(body) ? body['data'] : undefined)
  return entries.flatMap((entry) => {
    const id = text(entry['id'])
    const more = dialect.model === undefined ? {} : dialect.model(entry)
    if (id === undefined || more === undefined) return []
    return [{ id, provider, ...common(entry), ...more }]
  })
}

function common(entry: Wire): Partial<ModelInfo> {
  const name = text(entry['name']) ?? text(entry['display_name'])
  const contextTokens = firstCount(entry, ['context_length', 'context_window', 'max_context_length', 'max_model_len'])
  const maxOutputTokens = firstCount(entry, ['max_completion_tokens', 'max_output_tokens'])
  return {
    ...(name !== undefined && { name }),
    ...(contextTokens > 0 && { contextTokens }),
    ...(maxOutputTokens > 0 && { maxOutputTokens }),
  }
}

function firstCount(entry: Wire, fields: readonly string[]): number {
  return fields.map((field) => tokens(entry[field])).find((count) => count > 0) ?? 0
}
