import type { ModelInfo } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { text } from './wire.ts'

/** A page is at most this long, and no account has so many pages that more than `maxPages` are honest. */
const pageSize = 1_000
const maxPages = 50

/** All models that the key may use, page by page. `get` asks the endpoint. */
export async function listModels(
  provider: string,
  get: (path: string) => Promise<unknown>,
): Promise<readonly ModelInfo[]> {
  const models: ModelInfo[] = []
  let after = ''
  for (let page = 0; page < maxPages; page++) {
    const body = await get(`models?limit=${pageSize}${after}`)
    if (!isRecord(body) || !Array.isArray(body['data'])) break
    models.push(...body['data'].flatMap((row: unknown) => modelInfo(row, provider)))
    const last = text(body['last_id'])
    const next = last === undefined ? '' : `&after_id=${encodeURIComponent(last)}`
    if (body['has_more'] !== true || next === '' || next === after) break
    after = next
  }
  return models
}

function modelInfo(row: unknown, provider: string): ModelInfo[] {
  if (!isRecord(row)) return []
  const id = text(row['id'])
  if (id === undefined) return []
  const name = text(row['display_name'])
  const contextTokens = count(row['max_input_tokens'])
  const maxOutputTokens = count(row['max_tokens'])
  const input = inputs(row['capabilities'])
  return [
    {
      id,
      provider,
      ...(name !== undefined && { name }),
      ...(contextTokens !== undefined && { contextTokens }),
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
      supportsTools: true,
      ...(input !== undefined && { input }),
    },
  ]
}

function inputs(capabilities: unknown): ModelInfo['input'] {
  if (!isRecord(capabilities)) return undefined
  return [
    'text',
    ...(has(capabilities['image_input']) ? (['image'] as const) : []),
    ...(has(capabilities['pdf_input']) ? (['pdf'] as const) : []),
  ]
}

/** A capability is a plain yes or an object that says whether it is supported. */
function has(capability: unknown): boolean {
  return capability === true || (isRecord(capability) && capability['supported'] === true)
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined
}
