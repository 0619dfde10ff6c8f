import type { ModelInfo } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { text } from './wire.ts'

/** The models on the server, from `/api/tags`. Those that run on it cost nothing. */
export function modelList(body: unknown, provider: string): readonly ModelInfo[] {
  const rows: readonly unknown[] = isRecord(body) && Array.isArray(body['models']) ? body['models'] : []
  return rows.flatMap((row) => modelInfo(row, provider))
}

/** Whether a model of this name runs in the vendor's cloud, where it is paid for. */
export function isCloudModel(id: string): boolean {
  return /[:-]cloud$/.test(id)
}

function modelInfo(row: unknown, provider: string): ModelInfo[] {
  if (!isRecord(row)) return []
  const id = text(row['model']) ?? text(row['name'])
  if (id === undefined) return []
  const capabilities: readonly unknown[] | undefined = Array.isArray(row['capabilities'])
    ? row['capabilities']
    : undefined
  const local = text(row['remote_host']) === undefined && !isCloudModel(id)
  const details = isRecord(row['details']) ? row['details'] : {}
  const contextTokens = details['context_length']
  return [
    {
      id,
      provider,
      ...(local && { inputPerMTok: 0, outputPerMTok: 0 }),
      ...(typeof contextTokens === 'number' && { contextTokens }),
      ...(capabilities !== undefined && {
        supportsTools: capabilities.includes('tools'),
        input: [
          'text',
          ...(capabilities.includes('vision') ? (['image'] as const) : []),
          ...(capabilities.includes('audio') ? (['audio'] as const) : []),
        ],
      }),
    },
  ]
}
