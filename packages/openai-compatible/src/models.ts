import type { ModelInfo } from '@wayfare/core'
import { isRecord, tokens } from '@wayfare/provider-kit'
import type { Dialect } from './dialect.ts'
import { records, text, type Wire } from './wire.ts'

/** The models in a list as vendors answer it: `{ data: [...] }`, `{ models: [...] }`, or the bare list. Each is told once. */
export function readModels(body: unknown, provider: string, dialect: Dialect): ModelInfo[] {
  const list = isRecord(body) ? (body['data'] ?? body['models']) : body
  const models = new Map<string, ModelInfo>()
  for (const entry of records(list)) {
    const more = dialect.model === undefined ? {} : dialect.model(entry)
    const id = more?.id ?? text(entry['id'])
    if (id === undefined || more === undefined || models.has(id)) continue
    models.set(id, { provider, ...common(entry), ...more, id })
  }
  return [...models.values()]
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
