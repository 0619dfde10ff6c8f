import type { ModelInfo } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'

/** The models of a list; the vendor tells their ids alone. */
export function listModels(body: unknown, provider: string): ModelInfo[] {
  const entries: readonly unknown[] = isRecord(body) && Array.isArray(body['data']) ? body['data'] : []
  return entries.flatMap((entry) => {
    const id = isRecord(entry) ? entry['id'] : undefined
    return typeof id === 'string' && id !== '' ? [{ id, provider }] : []
  })
}
