import type { ModelInfo } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { text } from './wire.ts'

const pageSize = 1_000
/** More pages than any catalogue has. */
const maxPages = 50

/** All models that can chat, page by page. `get` asks the endpoint. */
export async function listModels(
  provider: string,
  get: (path: string) => Promise<unknown>,
): Promise<readonly ModelInfo[]> {
  const models: ModelInfo[] = []
  let token = ''
  for (let page = 0; page < maxPages; page++) {
    const body = await get(`models?pageSize=${pageSize}${token}`)
    if (!isRecord(body) || !Array.isArray(body['models'])) break
    models.push(...body['models'].flatMap((row: unknown) => modelInfo(row, provider)))
    const next = text(body['nextPageToken'])
    const following = next === undefined ? '' : `&pageToken=${encodeURIComponent(next)}`
    if (following === '' || following === token) break
    token = following
  }
  return models
}

function modelInfo(row: unknown, provider: string): ModelInfo[] {
  if (!isRecord(row)) return []
  const id = text(row['name'])?.replace(/^models\//, '')
  const methods = row['supportedGenerationMethods']
  if (id === undefined || (Array.isArray(methods) && !methods.includes('generateContent'))) return []
  const name = text(row['displayName'])
  const contextTokens = count(row['inputTokenLimit'])
  const maxOutputTokens = count(row['outputTokenLimit'])
  return [
    {
      id,
      provider,
      ...(name !== undefined && { name }),
      ...(contextTokens !== undefined && { contextTokens }),
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    },
  ]
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined
}
